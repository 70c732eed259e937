import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { prototypeSchema } from "../../config/schema.ts";
import { gatewayApiFiles, imagesOf, knownBad, pins, resolveVersions } from "../../config/versions.ts";

const minikube = { cluster: { minikube: {} } };
const istioStack = { ...minikube, platform: { gatewayApi: {}, istio: {} } };

function problems(stack: unknown, overrides: Parameters<typeof resolveVersions>[0] = {}): string[] {
  return knownBad(prototypeSchema.parse(stack), resolveVersions(overrides));
}

describe("versions", () => {
  it("each pin has a reason and a public source", () => {
    for (const [key, pin] of Object.entries(pins)) {
      assert.match(pin.version, /^v?\d+\.\d+\.\d+$/, key);
      assert.ok(pin.reason.length > 20, key);
      assert.match(pin.source, /^https:\/\//, key);
    }
  });

  it("an override is written as its pin is, with or without v", () => {
    const versions = resolveVersions({ kubernetes: "1.35.1", istio: "v1.30.5" });
    assert.equal(versions.kubernetes, "v1.35.1");
    assert.equal(versions.istio, "1.30.5");
    assert.equal(versions.gatewayApi, pins.gatewayApi.version);
  });

  it("the pins work together in every stack of the project", () => {
    for (const file of readdirSync("stacks").filter((name) => name.endsWith(".yaml"))) {
      assert.deepEqual(knownBad(prototypeOf(file), resolveVersions()), [], file);
    }
  });

  for (const [what, stack, overrides, message] of [
    [
      "Istio before TLSRoute v1",
      istioStack,
      { istio: "1.29.6", kubernetes: "1.35.0" },
      /^learn:versions\.istio: .*v1alpha2/,
    ],
    ["Istio 1.30 on old CRDs", istioStack, { gatewayApi: "v1.4.1" }, /^learn:versions\.gatewayApi: .*silently ignored/],
    [
      "Istio outside its Kubernetes range",
      istioStack,
      { kubernetes: "v1.37.0" },
      /Istio 1\.31\.1 supports Kubernetes 1\.32 to 1\.36/,
    ],
    ["Istio from before ambient", istioStack, { istio: "1.23.2" }, /ambient mode became stable in Istio 1\.24/],
    [
      "cert-manager outside its range",
      { ...minikube, platform: { certManager: {} } },
      { kubernetes: "1.32.4" },
      /cert-manager v1\.21\.2 supports Kubernetes 1\.33 to 1\.36/,
    ],
    [
      "cert-manager before crds.enabled",
      { ...minikube, platform: { certManager: {} } },
      { certManager: "v1.14.5" },
      /^learn:versions\.certManager/,
    ],
    [
      "MetalLB 0.15 on Kubernetes 1.36",
      { ...minikube, platform: { metallb: {} } },
      { metallb: "0.15.3" },
      /^learn:versions\.metallb: .*refuses the CRDs/,
    ],
    [
      "NGF 1.x",
      { ...minikube, platform: { gatewayApi: {}, nginxGatewayFabric: {} } },
      { nginxGatewayFabric: "1.6.2" },
      /one Gateway per cluster/,
    ],
    [
      "NGF 2.6 with CRDs of 1.6",
      { ...minikube, platform: { gatewayApi: {}, nginxGatewayFabric: {} } },
      { nginxGatewayFabric: "2.6.7" },
      /from 1\.5\.0 up to but not including 1\.6\.0/,
    ],
    [
      "NGF on old Kubernetes",
      { ...minikube, platform: { gatewayApi: {}, nginxGatewayFabric: {} } },
      { kubernetes: "1.31.2" },
      /needs Kubernetes 1\.32/,
    ],
    [
      "Gateway API rules on old Kubernetes",
      { ...minikube, platform: { gatewayApi: {} } },
      { kubernetes: "1.30.4" },
      /need Kubernetes 1\.31/,
    ],
    [
      "a release without checksums",
      { ...minikube, platform: { gatewayApi: {} } },
      { gatewayApi: "v1.7.0-rc.1" },
      /no checksums are known .*Known: v1\.5\.1/,
    ],
    [
      "Kubernetes newer than minikube knows",
      minikube,
      { minikube: "v1.38.1" },
      /minikube v1\.38\.1 knows Kubernetes up to v1\.35\.1/,
    ],
    [
      "the docker runtime on 1.36 before minikube 1.39",
      { cluster: { minikube: { containerRuntime: "docker" } } },
      { minikube: "v1.38.1" },
      /kubectl exec does not work/,
    ],
    [
      "Vault before named issuers",
      { ...minikube, platform: { vault: {} } },
      { vault: "1.10.0" },
      /^learn:versions\.vault/,
    ],
  ] as const)
    it(`refuses ${what}, with the key, the reason and a way out`, () => {
      const found = problems(stack, overrides);
      assert.ok(
        found.some((line) => message.test(line)),
        `none of these is it:\n${found.join("\n")}`,
      );
    });

  it("does not judge the Kubernetes version of a cluster that is not ours", () => {
    assert.deepEqual(
      problems({ cluster: { context: "theirs" }, platform: istioStack.platform }, { kubernetes: "1.20.0" }),
      [],
    );
  });

  it("does not judge parts that the stack does not install", () => {
    assert.deepEqual(problems(minikube, { istio: "1.23.2", metallb: "0.9.6", vault: "1.0.0" }), []);
  });

  it("knows eleven files of the pinned Gateway API, the safe-upgrades policy among them", () => {
    const files = gatewayApiFiles(pins.gatewayApi.version) ?? [];
    assert.equal(files.length, 11);
    for (const { sha256 } of files) assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.ok(files.some(({ plural }) => plural === "vap_safeupgrades"));
    assert.equal(
      files.find(({ plural }) => plural === "tlsroutes")?.sha256,
      "b9277b755ee0f33dd245d3497ba842922ff2e2efe5070b0911e58d072d55ed9c",
    );
  });

  it("lists every image of learn-05, pinned, none twice", () => {
    const list = imagesOf(prototypeOf("Pulumi.learn-05.yaml"), resolveVersions());
    assert.deepEqual(list, [...new Set(list)]);
    for (const image of list) assert.match(image, /^[a-z0-9.]+\/.+:v?\d/);
    assert.ok(list.includes("docker.io/istio/ztunnel:1.31.1-distroless"));
    assert.ok(list.includes("docker.io/hashicorp/vault:2.0.4"));
    assert.ok(list.includes("docker.io/hashicorp/http-echo:1.0.0"));
    assert.ok(!list.some((image) => image.includes("ingress-nginx")));
  });
});

function prototypeOf(file: string) {
  const { config } = parse(readFileSync(`stacks/${file}`, "utf8")) as { config: Record<string, unknown> };
  const entries = Object.entries(config).map(([key, value]) => [key.replace(/^learn:/, ""), value]);
  return prototypeSchema.parse(Object.fromEntries(entries));
}
