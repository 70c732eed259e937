import assert from "node:assert/strict";
import { namespaceOf as namespaceOfApp } from "../../../config/derive/apps.ts";
import { gatewaysOf } from "../../../config/derive/gateways.ts";
import type { Prototype } from "../../../config/schema.ts";
import { fieldsAt } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { prototypeOf } from "../../../lab/stack/topology.ts";
import { CniAgent } from "../ambient/cni-agent.ts";
import { type Mesh, meshOf } from "../ambient/mesh.ts";
import { GatewayLab } from "../gateway/gateway-lab.ts";
import { settled } from "../lab/settled.ts";
import { eventually } from "../lab/wait.ts";

const DATAPLANE_MODE = "istio.io/dataplane-mode";

describe("the ambient mesh, as the real istiod tells it to every ztunnel", () => {
  const lab = new GatewayLab("ambient", { ambient: true });

  before(async function () {
    this.timeout(240_000);
    await lab.start();
  });
  after(() => lab.stop());

  for (const stack of ["learn-03-07", "learn-05"])
    describe(`${stack} in the ambient mesh of the real istiod`, function () {
      this.timeout(240_000);
      let agent: CniAgent;
      let prototype: Prototype;

      before(async () => {
        await lab.apply(stack);
        prototype = prototypeOf(lab.rehearsed);
        agent = new CniAgent(lab.plane);
      });
      after(() => lab.clear());

      /** The mesh once it is as wanted: pods start, the agent enrols them and istiod hears of it a moment later. */
      const meshThat = (wanted: (mesh: Mesh) => void): Promise<Mesh> =>
        eventually("istiod to tell the mesh so", 30, async () => {
          await agent.look();
          const mesh = await meshOf(lab.istiod);
          wanted(mesh);
          return mesh;
        });

      const registered = (kind: string): KubeObject[] =>
        lab.rehearsed.registrations.flatMap(({ object }) => (object?.kind === kind ? [object] : []));

      /** "namespace/name" of every workload that should run, and how its bytes should travel. */
      function promised(): Record<string, string> {
        const members = Object.entries(prototype.apps).filter(([, app]) => app.mesh === "ambient");
        const namespaces = new Set(members.map(([name, app]) => namespaceOfApp(name, app)));
        const apps = registered("Deployment").map(({ metadata: { namespace = "", name } }): [string, string] => [
          `${namespace}/${name}`,
          namespaces.has(namespace) ? "HBONE" : "NONE",
        ]);
        const gateways = gatewaysOf(prototype).map(({ namespace, name }): [string, string] => [
          `${namespace}/${name}-istio`,
          "NONE",
        ]);
        return Object.fromEntries([...apps, ...gateways].sort());
      }

      const tunnels = ({ workloads }: Mesh, namespaces: ReadonlySet<string>): Record<string, string> =>
        Object.fromEntries(
          workloads
            .filter(({ name }) => namespaces.has(name.split("/")[0] ?? ""))
            .map(({ name, tunnel }) => [name, tunnel]),
        );

      it("has the bytes to every application that is to be in it travel in HBONE, and none to gateways and others", async () => {
        const wanted = promised();
        assert.ok(Object.values(wanted).includes("HBONE") && Object.values(wanted).includes("NONE"));
        const namespaces = new Set(Object.keys(wanted).map((name) => name.split("/")[0] ?? ""));
        const seen = await settled(
          async () => {
            await agent.look();
            return tunnels(await meshOf(lab.istiod), namespaces);
          },
          // every pod starts outside of the mesh: what is seen for a moment only does not count
          { quiet: 2000, limit: 30_000 },
          wanted,
        );
        assert.deepEqual(seen, wanted);
      });

      it("has no waypoint, as none is declared", async () => {
        const { workloads, services } = await meshOf(lab.istiod);
        assert.ok(services.length > 0);
        assert.deepEqual(
          [...workloads, ...services].filter(({ waypoint }) => waypoint !== undefined),
          [],
        );
      });

      it("loses an application whose namespace loses its label, and takes it back", async () => {
        const namespace = "mango";
        const label = async (value: string | null) => {
          const patch = { metadata: { labels: { [DATAPLANE_MODE]: value } } };
          const path = `/api/v1/namespaces/${namespace}`;
          const answer = await lab.plane.client.send("PATCH", path, patch, "application/merge-patch+json");
          assert.equal(answer.status, 200);
        };
        const tunnel = ({ workloads }: Mesh) => workloads.find(({ name }) => name === "mango/mango")?.tunnel;
        await label(null);
        await meshThat((mesh) => assert.equal(tunnel(mesh), "NONE"));
        await label("ambient");
        await meshThat((mesh) => assert.equal(tunnel(mesh), "HBONE"));
      });

      it("leads traffic to a Service through the waypoint that the stack file asks for", async () => {
        const apps = JSON.parse(lab.rehearsed.config.values["learn:apps"] ?? "{}");
        await lab.apply(stack, { "learn:apps": { ...apps, mango: { ...apps.mango, waypoint: true } } });
        const waypoints = registered("Gateway").filter(
          ({ spec }) => fieldsAt(spec).gatewayClassName === "istio-waypoint",
        );
        assert.deepEqual(
          waypoints.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
          ["mango/waypoint"],
        );
        const mesh = await meshThat(({ services }) =>
          assert.equal(services.find(({ name }) => name === "mango/mango-svc")?.waypoint, "mango/waypoint"),
        );
        const others = mesh.services.filter(({ name }) => !name.startsWith("mango/"));
        assert.ok(others.length > 0);
        assert.ok(others.every(({ waypoint }) => waypoint === undefined));
      });
    });
});
