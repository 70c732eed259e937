import assert from "node:assert/strict";
import { unknownCheckingProxy } from "@pulumi/policy";
import { UNKNOWN } from "../../lab/manifests/unknown.ts";
import { policies } from "../../policy-pack/policies.ts";
import { type StackResource, violationsOf } from "../../policy-pack/violations.ts";
import { rehearsed } from "../support/rehearsed.ts";
import { brokenStack } from "./broken-stack.ts";

/** A stack's resources as Pulumi shows them to a stack policy, before and after it knows everything. */
async function resourcesOf(stack: string): Promise<StackResource[]> {
  const { registrations } = await rehearsed(stack);
  return registrations.map(({ type, urn, outputs }) => ({ type, urn, props: unknownCheckingProxy(outputs) }));
}

describe("policy pack", () => {
  for (const stack of ["learn-01", "learn-04", "learn-05"]) {
    it(`finds nothing wrong with the resources of ${stack}`, async () => {
      const resources = await resourcesOf(stack);
      // ingress-nginx is a Release, so nothing in the set shows the flag that passthrough needs; the unsealer's Secret is
      // made by a step.
      const settings = { ignore: ["I5"], provided: ["Secret/vault/vault-unseal"] };
      assert.deepEqual(await violationsOf(resources, "error", settings), []);
      assert.deepEqual(await violationsOf(resources, "warning", settings), []);
    });
  }

  it("names both ends, the fix, and the resource at which the broken wire begins", async () => {
    const [violation, ...others] = await violationsOf(brokenStack, "error");
    assert.deepEqual(others, []);
    assert.equal(violation?.urn, "urn:pulumi:dev::shop::kubernetes:gateway.networking.k8s.io/v1:HTTPRoute::cart");
    assert.match(
      violation?.message ?? "",
      /^W21 HTTPRoute shop\/cart → Gateway shop\/edge: .*shop\.example\.org.*\. Fix: /,
    );
  });

  it("keeps warnings apart from errors", async () => {
    const rules = (found: { message: string }[]) => found.map(({ message }) => message.split(" ", 1)[0]);
    assert.deepEqual(rules(await violationsOf(brokenStack, "error")), ["W21"]);
    assert.deepEqual(rules(await violationsOf(brokenStack, "warning")), ["W35"]);
    assert.deepEqual(await violationsOf(brokenStack, "error", { ignore: ["W21"] }), []);
  });

  it("does not take for wrong what is not known at preview", async () => {
    const preview = brokenStack.map((resource) =>
      resource.type.endsWith(":HTTPRoute")
        ? { ...resource, props: { ...resource.props, spec: { ...Object(resource.props.spec), hostnames: [UNKNOWN] } } }
        : resource,
    );
    const proxied = preview.map((resource) => ({ ...resource, props: unknownCheckingProxy(resource.props) }));
    assert.deepEqual(await violationsOf(proxied, "error"), []);
  });

  it("looks at nothing but Kubernetes objects", async () => {
    const others = [
      { type: "pulumi:pulumi:Stack", urn: "a", props: {} },
      {
        type: "kubernetes:helm.sh/v3:Release",
        urn: "b",
        props: { apiVersion: "x", kind: "Release", metadata: { name: "x" } },
      },
      { type: "kubernetes:core/v1:ConfigMap", urn: "c", props: unknownCheckingProxy({ metadata: UNKNOWN }) },
    ];
    assert.deepEqual(await violationsOf(others, "error"), []);
  });

  it("stops an update for errors and only tells of warnings, unless it is told otherwise", () => {
    assert.deepEqual(
      policies.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
      [
        ["wiring", "mandatory"],
        ["wiring-doubts", "advisory"],
      ],
    );
  });
});
