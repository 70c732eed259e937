import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fieldsAt } from "../../../lab/manifests/fields.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { context, program } from "../lab/context.ts";
import { Service } from "../lab/service.ts";
import { eventually } from "../lab/wait.ts";
import { HOST_ADDRESS, XDS_PORT } from "./addresses.ts";

const HTTP_PORT = 18080;

export interface IstiodOptions {
  /** With the ambient mesh on, a gateway needs Istio's own Envoy; istiod then tells of the mesh, and no Envoy is asked. */
  readonly ambient?: boolean;
}

/** The real istiod, set up so that an Envoy without Istio's own filters can be its gateway. */
export class Istiod {
  readonly service: Service;
  private readonly plane: ControlPlane;
  private readonly directory: string;

  constructor(plane: ControlPlane, { ambient = false }: IstiodOptions = {}) {
    this.plane = plane;
    this.directory = join(plane.directory, "istiod");
    this.service = new Service({
      name: "istiod",
      command: program("pilot-discovery"),
      cwd: this.directory,
      args: [
        ...["discovery", "--kubeconfig", plane.kubeconfig, "--meshConfig", join(this.directory, "mesh.yaml")],
        ...["--grpcAddr", `${HOST_ADDRESS}:${XDS_PORT}`, "--secureGRPCAddr", "", "--httpsAddr", ""],
        ...["--httpAddr", `127.0.0.1:${HTTP_PORT}`, "--monitoringAddr", "127.0.0.1:15014"],
      ],
      env: {
        POD_NAMESPACE: "istio-system",
        POD_NAME: "istiod-lab",
        CLUSTER_ID: "Kubernetes",
        REVISION: "default",
        PILOT_ENABLE_AMBIENT: String(ambient),
        PILOT_ENABLE_METADATA_EXCHANGE: "false",
        PILOT_DISABLE_MX_ALPN: "true",
        PILOT_ENABLE_ALPN_FILTER: "false",
        // without a verified identity istiod gives no secret out, so tokens are checked on the plain port too
        XDS_AUTH_PLAINTEXT: "true",
      },
      ready: async () => (await fetch(`http://127.0.0.1:${HTTP_PORT}/ready`)).ok,
    });
  }

  /** One of istiod's debug endpoints ("ambientz"), which it opens to its own machine. */
  async debug(endpoint: string): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${HTTP_PORT}/debug/${endpoint}`);
    if (!answer.ok) throw new Error(`istiod answers ${answer.status} to /debug/${endpoint}`);
    return answer.json();
  }

  async start(): Promise<void> {
    mkdirSync(join(this.directory, "var/lib/istio/inject"), { recursive: true });
    writeFileSync(
      join(this.directory, "mesh.yaml"),
      JSON.stringify({
        rootNamespace: "istio-system",
        trustDomain: "cluster.local",
        enableAutoMtls: false,
        defaultConfig: { discoveryAddress: `${HOST_ADDRESS}:${XDS_PORT}` },
      }),
    );
    this.writeTemplates();
    await this.plane.client.must({ apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system" } });
    await this.service.start();
    await eventually("GatewayClass istio to be accepted", 60, async () => {
      const { body } = await this.plane.client.get("gateway.networking.k8s.io/v1", "GatewayClass", null, "istio");
      const conditions: { type: string; status: string }[] = body.status?.conditions ?? [];
      return conditions.some(({ type, status }) => type === "Accepted" && status === "True");
    });
  }

  /** The templates from which istiod makes a gateway's Deployment; it looks below its working directory first. */
  private writeTemplates(): void {
    const chart = join(context().sources.istio ?? "", "manifests/charts/istio-control/istio-discovery");
    const values = fieldsAt(parse(readFileSync(join(chart, "values.yaml"), "utf8")), "_internal_defaults_do_not_set");
    const templates = Object.fromEntries(
      ["kube-gateway", "waypoint"].map((name) => [name, readFileSync(join(chart, "files", `${name}.yaml`), "utf8")]),
    );
    const { revision, gateways, sidecarInjectorWebhook, cni, env } = values;
    const global = { ...fieldsAt(values, "global"), hub: "docker.io/istio", tag: "1.31.0" };
    const write = (name: string, content: unknown) =>
      writeFileSync(join(this.directory, "var/lib/istio/inject", name), JSON.stringify(content));
    write("config", { policy: "disabled", defaultTemplates: [], templates });
    write("values", { global, revision, gateways, sidecarInjectorWebhook, pilot: { cni, env } });
  }
}
