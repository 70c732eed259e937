import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { formatRef, type KubeObject, namespaceOf, refOf } from "../../../lab/manifests/object.ts";
import { ControlPlane } from "../cluster/control-plane.ts";
import { crdObjects, installCrds } from "../cluster/crds.ts";
import { eventually } from "../lab/wait.ts";
import { inDependencyOrder, type Registered, registrationsOf, releaseObjects } from "../program/registrations.ts";

const PROJECTS = ["gatewayApi", "certManager", "metallb", "istio"] as const;
const STACKS = readdirSync(new URL("../../../stacks/", import.meta.url))
  .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
  .filter((name) => name !== undefined)
  .sort();

/** Objects that charts would bring, whose kinds no Go module has: counted aloud instead of applied. */
const WITHOUT_CRD = new Set(["gateway.nginx.org/v1alpha1", "gateway.nginx.org/v1alpha2"]);

/** Paths at which two objects differ. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return Object.is(a, b) ? [] : [`${path}: ${JSON.stringify(a)} → ${JSON.stringify(b)}`];
  const [left, right] = [Object.entries(a), Object.entries(b)].map((entries) => new Map<string, unknown>(entries));
  const keys = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])]);
  return [...keys].flatMap((key) => differences(left?.get(key), right?.get(key), `${path}.${key}`));
}

describe("the real API server", () => {
  const plane = new ControlPlane();
  const { client } = plane;

  before(async function () {
    this.timeout(180_000);
    await plane.start();
  });
  after(() => plane.stop());

  it("is quoted where it refuses what it must take", async () => {
    const metadata = { name: "odd", namespace: "default" };
    await assert.rejects(
      client.must({ apiVersion: "v1", kind: "ConfigMap", metadata, date: {} }),
      /^Error: ConfigMap default\/odd: .*date/,
    );
    assert.equal((await client.get("v1", "ConfigMap", "default", "odd")).status, 404);
  });

  for (const project of PROJECTS)
    it(`takes the CRDs of ${project} without a warning`, async function () {
      this.timeout(120_000);
      assert.deepEqual(await installCrds(client, project), []);
    });

  describe("with the Gateway API's policy against unsafe upgrades", () => {
    const crd = () => {
      const found = crdObjects("gatewayApi").find(
        ({ metadata }) => metadata.name === "httproutes.gateway.networking.k8s.io",
      );
      assert.ok(found);
      return structuredClone(found);
    };
    const annotated = (annotations: Record<string, string>): KubeObject => {
      const object = crd();
      object.metadata.annotations = { ...object.metadata.annotations, ...annotations };
      return object;
    };
    const dryRun = (object: KubeObject) => client.apply(object, { dryRun: true });

    it("takes the same bundle again", async () => {
      assert.equal((await dryRun(crd())).status, 200);
    });

    it("refuses the experimental channel over the standard one", async () => {
      // the policy is compiled in the background: until then everything passes
      const answer = await eventually("the policy to be enforced", 30, async () => {
        const refused = await dryRun(annotated({ "gateway.networking.k8s.io/channel": "experimental" }));
        return refused.status === 200 ? null : refused;
      });
      assert.equal(answer.status, 422);
      assert.match(answer.body.message, /Installing experimental CRDs on top of standard channel CRDs is prohibited/);
    });

    it("refuses bundles of v0", async () => {
      assert.equal((await dryRun(annotated({ "gateway.networking.k8s.io/bundle-version": "v0.8.1" }))).status, 422);
    });

    it("refuses a downgrade to a bundle before v1.6, although its message speaks of v1.5", async () => {
      for (const version of ["v1.1.0", "v1.4.1", "v1.5.1"]) {
        const answer = await dryRun(annotated({ "gateway.networking.k8s.io/bundle-version": version }));
        assert.equal(answer.status, 422, version);
        assert.match(answer.body.message, /version before v1\.5\.0 is prohibited by default/);
      }
    });
  });

  it("is given by the program exactly the definitions and the policy of the Gateway API's release", async () => {
    const released = crdObjects("gatewayApi").map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.deepEqual(releaseObjects(await registrationsOf("learn-05")), released.sort());
  });

  for (const stack of STACKS)
    describe(`with the objects of ${stack}`, () => {
      let objects: Registered[] = [];
      const applied = new Map<string, string>();

      before(async function () {
        this.timeout(60_000);
        objects = inDependencyOrder(await registrationsOf(stack)).filter(
          ({ object }) => !WITHOUT_CRD.has(object.apiVersion),
        );
      });

      it("takes every one in the program's order, fields strictly checked, without a warning", async function () {
        this.timeout(120_000);
        assert.ok(objects.length > 0, "the stack registers no object");
        const complaints: string[] = [];
        for (const { object } of objects) {
          const answer = await client.apply(object);
          const name = formatRef(refOf(object));
          if (answer.status >= 300) complaints.push(`${name}: ${answer.body.message}`);
          else applied.set(name, answer.body.metadata.resourceVersion);
          complaints.push(...answer.warnings.map((text) => `${name}: warning: ${text}`));
        }
        assert.deepEqual(complaints, []);
      });

      it("changes nothing when they are applied again", async () => {
        const changed: string[] = [];
        for (const { object } of objects) {
          const name = formatRef(refOf(object));
          const read = () => client.get(object.apiVersion, object.kind, namespaceOf(object), object.metadata.name);
          // a controller may write to it between the two requests, but not every time
          for (let attempt = 1; ; attempt++) {
            const { body: old } = await read();
            const { body: now } = await client.apply(object);
            if (now.metadata?.resourceVersion === old.metadata?.resourceVersion) break;
            if (attempt < 3) continue;
            changed.push(`${name}: ${JSON.stringify(differences(old, now))}`);
            break;
          }
        }
        assert.deepEqual(changed, []);
      });

      it("lets them go in the opposite order", async function () {
        this.timeout(120_000);
        for (const { object } of [...objects].reverse()) {
          if (object.kind === "Namespace" && object.metadata.name === "default") continue;
          const { status, body } = await client.delete(
            object.apiVersion,
            object.kind,
            namespaceOf(object),
            object.metadata.name,
          );
          assert.ok(status < 300 || status === 404, `${formatRef(refOf(object))}: ${body.message}`);
        }
        const namespaces = objects.filter(
          ({ object }) => object.kind === "Namespace" && object.metadata.name !== "default",
        );
        for (const { object } of namespaces)
          await eventually(`namespace ${object.metadata.name} to be gone`, 60, async () => {
            return (await client.get("v1", "Namespace", null, object.metadata.name)).status === 404;
          });
      });
    });
});
