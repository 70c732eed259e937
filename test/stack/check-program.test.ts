import assert from "node:assert/strict";
import { appManifests } from "../../components/apps/manifests.ts";
import type { Manifest } from "../../components/kubernetes/apply.ts";
import type { StackRecord } from "../../components/stack/policy.ts";
import { gatewayManifest } from "../../components/traffic/gateway-manifest.ts";
import { routeManifest } from "../../components/traffic/route-manifest.ts";
import { gatewaysOf } from "../../config/derive/gateways.ts";
import { routesOf } from "../../config/derive/routes.ts";
import { parsePrototype } from "../../config/read.ts";
import type { PatchConfig, Prototype } from "../../config/schema.ts";
import { rehearse } from "../../lab/rehearsal/rehearse.ts";
import { checkProgram } from "../../lab/stack/check-program.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";

const prototype = (extra: Record<string, unknown> = {}): Prototype =>
  parsePrototype("mine", {
    cluster: { minikube: {} },
    platform: { gatewayApi: {}, istio: {}, metallb: {} },
    apps: {
      mango: {
        echo: "juicy mango",
        gateway: { listeners: { http: { protocol: "HTTP", port: 80 } }, routes: [{ path: "/" }] },
      },
    },
    ...extra,
  });

const manifestsOf = (of: Prototype): Manifest[] => [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "mango" } },
  ...Object.entries(of.apps).flatMap(([name, app]) => appManifests(name, app)),
  ...gatewaysOf(of).map((gateway) => gatewayManifest(gateway, { annotations: {} })),
  ...routesOf(of, "mango").map(routeManifest),
];

const record = (manifests: readonly Manifest[], unused: readonly PatchConfig[] = []): StackRecord => ({
  manifests,
  unusedPatches: () => [...unused],
});

/** The Service under another name: the route leads nowhere. */
const broken = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.map((manifest) =>
    manifest.kind === "Service" ? { ...manifest, metadata: { ...manifest.metadata, name: "mango-service" } } : manifest,
  );

describe("the check that the program makes of itself", () => {
  it("has nothing to say of a program whose wires hold", async () => {
    const of = prototype();
    assert.deepEqual(await checkProgram("mine", of, record(manifestsOf(of))), { warnings: [] });
  });

  it("stops a program with a broken wire, naming the rule, both ends, what mends it and the ways on", async () => {
    const of = prototype();
    const { error = "" } = await checkProgram("mine", of, record(broken(manifestsOf(of))));
    assert.match(
      error,
      /^mine has 1 broken wire; nothing has been applied:\n {2}W25 HTTPRoute mango\/mango → Service mango\/mango-svc\n/,
    );
    assert.match(error, /fix: .*mango-service/);
    assert.match(error, /npm start -- mine.*learn:wiring: warn/);
  });

  it("only warns when learn:wiring says so, and is silent when it is off", async () => {
    const warn = prototype({ wiring: "warn" });
    const warned = await checkProgram("mine", warn, record(broken(manifestsOf(warn))));
    assert.equal(warned.error, undefined);
    assert.match(warned.warnings.join("\n"), /W25/);
    const off = prototype({ wiring: "off" });
    assert.deepEqual(await checkProgram("mine", off, record(broken(manifestsOf(off)))), { warnings: [] });
  });

  it("refuses a patch that changes nothing, naming the object it looks for", async () => {
    const patch = { kind: "Service", namespace: "mango", name: "mango-scv", merge: {} };
    const of = prototype({ patches: [patch] });
    const { error } = await checkProgram("mine", of, record(manifestsOf(of), [patch]));
    assert.equal(
      error,
      "mine: learn:patches changes Service mango/mango-scv, but the program registers no such object",
    );
  });

  it("looks at the schemas when a patch may have spoilt an object", async () => {
    const patch = { kind: "HTTPRoute", namespace: "mango", name: "mango", merge: {} };
    const of = prototype({ patches: [patch] });
    const misspelt = manifestsOf(of).map((manifest) =>
      manifest.kind === "HTTPRoute"
        ? { ...manifest, spec: { ...Object(manifest.spec), hostname: ["a.example.com"] } }
        : manifest,
    );
    const { error = "" } = await checkProgram("mine", of, record(misspelt));
    assert.match(error, /SCHEMA HTTPRoute mango\/mango[\s\S]*hostname/);
  });

  it("ends the program inside this process, too, whose gate never opens", async () => {
    const patches = [{ kind: "Service", namespace: "mango", name: "nobody", merge: {} }];
    await assert.rejects(
      rehearse("learn-03-03", { run: "here", config: { "learn:patches": patches } }),
      /the program registers no such object/,
    );
  });

  it("ends the program by Pulumi's own run path before anything that stands on the cluster is registered", async () => {
    const patches = [
      {
        kind: "Service",
        namespace: "mango",
        name: "mango-svc",
        merge: { spec: { ports: [{ name: "http", port: 8001, targetPort: 5678 }] } },
      },
    ];
    await assert.rejects(
      rehearse("learn-03-03", { config: { "learn:patches": patches } }),
      (error: unknown) =>
        error instanceof VisibleError &&
        error.exitCode === 1 &&
        /nothing has been applied:\n.*W26 HTTPRoute mango\/mango → Service mango\/mango-svc/.test(error.message),
    );
  }).timeout(60_000);
});
