import assert from "node:assert/strict";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { certManagerValues } from "../../components/platform/cert-manager.ts";
import { ingressNginxValues } from "../../components/platform/ingress-nginx.ts";
import { istioValues } from "../../components/platform/istio-ambient.ts";
import { Platform, type PlatformArgs } from "../../components/platform/platform.ts";
import { vaultValues } from "../../components/platform/vault/values.ts";
import { prototypeSchema } from "../../config/schema.ts";
import { imagesOf, resolveVersions } from "../../config/versions.ts";
import { type Recorded, record } from "../support/registrations.ts";
import { loadPrototype } from "../support/stack-files.ts";

const versions = resolveVersions();
type Cluster = PlatformArgs["cluster"];

const minikube = (): Cluster => ({
  context: "learn",
  containerRuntime: "containerd",
  addresses: "pool",
  identifier: pulumi.output("learn-1"),
  nodeAddress: pulumi.output("192.168.49.2"),
});

async function platformOf(
  prototype: PlatformArgs["prototype"],
  cluster: Partial<Cluster> = {},
): Promise<Recorded & { warnings: readonly string[] }> {
  return record(() => {
    const provider = new Provider("cluster-kubernetes", { context: "learn" });
    new Platform(
      { prototype, versions, cluster: { ...minikube(), ...cluster }, offline: true },
      { providers: { kubernetes: provider } },
    );
  });
}

function release(recorded: Recorded, name: string): Record<string, unknown> {
  return recorded.named(name).inputs;
}

/** Stacks that between them install every part. */
const stacks = ["learn-01", "learn-04", "learn-05"];
const recorded = new Map<string, Promise<Recorded>>();

/** Recorded once for all tests. */
function ofStack(stack: string): Promise<Recorded> {
  const known = recorded.get(stack) ?? platformOf(loadPrototype(stack));
  recorded.set(stack, known);
  return known;
}

describe("the platform", () => {
  it("of learn-05 starts everything at once that can start at once", async () => {
    const platform = await ofStack("learn-05");
    const afterRelease = (name: string) =>
      platform.dependenciesOf(name).filter((one) => !one.startsWith("namespace-") && !one.startsWith("custom"));
    assert.deepEqual(afterRelease("metallb-release"), []);
    assert.deepEqual(afterRelease("istio-base"), []);
    assert.deepEqual(afterRelease("istio-cni"), []);
    assert.deepEqual(afterRelease("istio-istiod"), ["istio-base"]);
    assert.deepEqual(afterRelease("istio-ztunnel").sort(), ["istio-cni", "istio-istiod"]);
    assert.deepEqual(afterRelease("vault-release"), ["secret-vault-vault-tls"]);
    assert.deepEqual(afterRelease("vault-pods"), ["vault-release"]);
    assert.deepEqual(afterRelease("vault-init"), ["vault-pods"]);
    assert.deepEqual(afterRelease("vault-unseal"), ["vault-init"]);
    assert.ok(
      platform
        .dependenciesOf("cert-manager-release")
        .includes("customresourcedefinition-gateways.gateway.networking.k8s.io"),
    );
  });

  it("has a critical path of learn-05 that leads through Vault, and istiod is not on it", async () => {
    const platform = await ofStack("learn-05");
    assert.deepEqual(longestPath(platform, "vault-configure-role-pki_int-mango-issuer"), [
      "vault-tls-ca-key",
      "vault-tls-ca",
      "vault-tls-certificate",
      "secret-vault-vault-tls",
      "vault-release",
      "vault-pods",
      "vault-init",
      "vault-unseal",
      "vault-configure-pki-pki",
      "vault-configure-pki-pki_int",
      "vault-configure-role-pki_int-mango-issuer",
    ]);
    assert.deepEqual(longestPath(platform, "istio-ztunnel").slice(-3), ["istio-base", "istio-istiod", "istio-ztunnel"]);
  });

  it("gives every release a name, a version, a namespace of its own and a time limit", async () => {
    for (const stack of stacks) {
      const { registrations } = await ofStack(stack);
      const names = registrations.map(({ name }) => name);
      for (const { type, name, inputs } of registrations) {
        if (type !== "kubernetes:helm.sh/v3:Release") continue;
        for (const field of ["name", "version", "chart", "namespace", "timeout"])
          assert.ok(inputs[field], `${stack}: ${name} has no ${field}`);
        assert.equal(inputs.createNamespace, false);
        assert.ok(names.includes(`namespace-${inputs.namespace}`), `${stack}: ${name}`);
      }
    }
  });

  it("waits for no pod of Vault to be ready before it is unsealed", async () => {
    assert.equal(release(await ofStack("learn-05"), "vault-release").skipAwait, true);
  });

  it("takes every step inside Vault anew on another cluster of the same name", async () => {
    const { registrations } = await ofStack("learn-05");
    const steps = registrations.filter(({ type }) => type === "command:local:Command");
    assert.ok(steps.length > 5);
    for (const { name, inputs } of steps) assert.deepEqual(inputs.triggers, ["learn-1"], name);
  });

  it("makes the pool once the controller's webhook runs, from the node's network or from the stack's ranges", async () => {
    const derived = await ofStack("learn-05");
    const pool = "ipaddresspool-metallb-system-pool";
    assert.deepEqual(derived.named(pool).inputs.spec, { addresses: ["192.168.49.240-192.168.49.250"] });
    assert.ok(derived.dependenciesOf(pool).includes("metallb-release"));
    const given = prototypeSchema.parse({
      cluster: { context: "theirs" },
      platform: { metallb: { addresses: ["10.1.0.0/28"] } },
    });
    const { nodeAddress: _, containerRuntime: __, ...existing } = minikube();
    const theirs = await platformOf(given, {
      ...existing,
      nodeAddress: undefined,
      containerRuntime: undefined,
    } as Cluster);
    assert.deepEqual(theirs.named(pool).inputs.spec, { addresses: ["10.1.0.0/28"] });
  });

  it("tells of ingress-nginx's retirement, and has it wait for the pool its address comes from", async () => {
    const platform = await ofStack("learn-01");
    assert.match(platform.warnings.join("\n"), /ingress-nginx is retired/);
    assert.ok(platform.dependenciesOf("ingress-nginx-release").includes("ipaddresspool-metallb-system-pool"));
    const { values } = release(platform, "ingress-nginx-release") as { values: { controller: { extraArgs: object } } };
    assert.deepEqual(values.controller.extraArgs, { "enable-ssl-passthrough": "true" });
  });

  it("leaves the Gateway API alone when somebody else has installed it", async () => {
    const prototype = prototypeSchema.parse({
      cluster: { context: "theirs" },
      platform: { gatewayApi: { install: false }, certManager: {} },
    });
    const { registrations } = await platformOf(prototype);
    assert.ok(!registrations.some(({ type }) => type.includes("CustomResourceDefinition")));
  });

  it("lays the stack's own Helm values over its own", async () => {
    const prototype = prototypeSchema.parse({
      cluster: { minikube: {} },
      platform: { gatewayApi: {}, istio: { values: { istiod: { resources: { requests: { cpu: "2" } } } } } },
    });
    const { values } = release(await platformOf(prototype), "istio-istiod") as { values: Record<string, unknown> };
    assert.deepEqual(values.resources, { requests: { cpu: "2", memory: "256Mi" } });
    assert.equal(values.profile, "ambient");
  });

  it("keeps keys and tokens secret: no command shows them, none has them in its environment", async () => {
    const { registrations } = await ofStack("learn-05");
    const commands = registrations.filter(({ type }) => type === "command:local:Command");
    assert.equal(commands.length, 15);
    for (const { name, inputs } of commands) {
      assert.equal(inputs.logging, "stderr", name);
      assert.doesNotMatch(JSON.stringify(inputs.environment), /hvs\.|unsealKey/, name);
    }
  });
});

describe("the values of", () => {
  it("istio-cni name minikube only for the docker runtime, whose network namespaces lie elsewhere", () => {
    const platform = (containerRuntime?: string) =>
      (istioValues({ versions, mirror: {}, containerRuntime }).cni.global as { platform?: string }).platform;
    assert.equal(platform("docker"), "minikube");
    for (const other of ["containerd", "cri-o", undefined]) assert.equal(platform(other), undefined);
  });

  it("cert-manager turn the Gateway API on only where it is, under the key its version knows", () => {
    const config = (certManager: string, gatewayApi: boolean) =>
      certManagerValues({ versions: resolveVersions({ certManager }), mirror: {}, gatewayApi }).config;
    assert.deepEqual(config("v1.21.2", true), { gatewayAPI: { enabled: true } });
    assert.equal(Reflect.get(Object(config("v1.20.0", true)), "enableGatewayAPI"), true);
    assert.equal(config("v1.21.2", false), undefined);
  });

  it("ingress-nginx take the node's ports where nobody gives addresses", () => {
    const args = { mirror: {}, sslPassthrough: true, minikube: true };
    const { controller } = ingressNginxValues({ ...args, addresses: false }) as { controller: Record<string, unknown> };
    assert.deepEqual(controller.service, { type: "NodePort" });
    assert.deepEqual(controller.hostPort, { enabled: true });
    assert.deepEqual(controller.extraArgs, { "enable-ssl-passthrough": "true" });
  });

  it("Vault join as many servers as there are, over TLS", () => {
    for (const replicas of [1, 3]) {
      const values = vaultValues({ versions, mirror: {}, values: undefined, replicas, storage: "1Gi" });
      const text = JSON.stringify(values);
      assert.equal(text.split("retry_join").length - 1, replicas);
      assert.match(text, /tls_cert_file = /);
      assert.doesNotMatch(text, /tls_disable/);
    }
  });
});

describe("a mirror", () => {
  it("serves every image that the charts of every stack name", async () => {
    for (const stack of stacks) {
      const prototype = { ...loadPrototype(stack), mirror: { images: "mirror.local:5000/all" } };
      const { registrations } = await platformOf(prototype);
      for (const { type, name, inputs } of registrations) {
        if (type !== "kubernetes:helm.sh/v3:Release" || name === "istio-base") continue;
        const text = JSON.stringify(inputs.values);
        assert.match(text, /mirror\.local:5000\/all/, `${stack}: ${name}`);
        assert.doesNotMatch(text, /(quay|docker|ghcr)\.io|registry\.k8s\.io/, `${stack}: ${name}`);
      }
    }
  });

  it("can be filled from the list of images, which names every one a release runs", async () => {
    for (const stack of stacks) {
      const list = imagesOf(loadPrototype(stack), versions);
      const { registrations } = await ofStack(stack);
      for (const { type, inputs } of registrations) {
        if (type !== "kubernetes:helm.sh/v3:Release") continue;
        for (const image of imagesIn(inputs.values))
          assert.ok(list.includes(image), `${stack}: ${image} is not listed`);
      }
    }
  });
});

/** Every `{ repository, tag }` in values. */
function imagesIn(values: unknown): string[] {
  if (typeof values !== "object" || values === null) return [];
  const { repository, tag } = values as { repository?: string; tag?: string };
  const own = repository === undefined || tag === undefined ? [] : [`${repository}:${tag}`];
  return [...own, ...Object.values(values).flatMap(imagesIn)];
}

/** The longest chain of dependencies that ends in a resource, the resource last; namespaces and CRDs left out. */
function longestPath(recorded: Recorded, name: string): string[] {
  const paths = recorded
    .dependenciesOf(name)
    .filter((one) => recorded.registrations.some(({ name: known, custom }) => known === one && custom))
    .filter((one) => !/^(namespace|customresourcedefinition|validating|cluster-)/.test(one))
    .map((one) => longestPath(recorded, one));
  const [longest = []] = paths.sort((one, other) => other.length - one.length);
  return [...longest, name];
}
