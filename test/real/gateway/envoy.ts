import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { program } from "../lab/context.ts";
import { Service } from "../lab/service.ts";
import { HOST_ADDRESS, XDS_PORT } from "./addresses.ts";

export interface GatewayPod {
  readonly namespace: string;
  readonly gateway: string;
  readonly pod: string;
  readonly address: string;
  readonly account: string;
}

const ADMIN_PORT = 15000;

/**
 * The data plane of one Gateway: a real Envoy in a network namespace that holds its pod's address, configured by istiod.
 * istiod has it listen on 0.0.0.0, so gateways cannot share a namespace.
 */
export class GatewayEnvoy {
  readonly of: GatewayPod;
  readonly service: Service;
  private readonly plane: ControlPlane;
  private readonly networkNamespace: string;
  private readonly device: string;
  private readonly bootstrapFile: string;

  constructor(plane: ControlPlane, index: number, of: GatewayPod) {
    this.plane = plane;
    this.of = of;
    this.networkNamespace = `gateway-${index}`;
    this.device = `gw${index}`;
    this.bootstrapFile = join(plane.directory, `envoy-${index}.json`);
    this.service = new Service({
      name: `envoy-${of.namespace}-${of.gateway}`,
      command: "ip",
      args: [
        ...["netns", "exec", this.networkNamespace, program("envoy"), "-c", this.bootstrapFile, "--concurrency", "1"],
        // with the defaults a listener that went and came back serves its former certificate for half a minute
        ...["--disable-hot-restart", "--drain-time-s", "1", "--drain-strategy", "immediate", "-l", "warning"],
      ],
      ready: async () => (await fetch(`http://${of.address}:${ADMIN_PORT}/ready`)).ok,
    });
  }

  async start(): Promise<void> {
    const { namespace, account, address } = this.of;
    await this.makeNetwork(address);
    const token = await this.plane.client.serviceAccountToken(namespace, account, ["istio-ca"], 3600);
    if (token.status !== 201) throw new Error(`no token for ${namespace}/${account}: ${token.body.message}`);
    writeFileSync(this.bootstrapFile, JSON.stringify(this.bootstrap(token.body.status.token)), { mode: 0o600 });
    await this.service.start();
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await execa("ip", ["netns", "delete", this.networkNamespace]);
  }

  /** Gives the gateway its load balancer address too: what kube-proxy and MetalLB's speaker would bring about. */
  async takeAddress(address: string): Promise<void> {
    await ip("-n", this.networkNamespace, "address", "replace", `${address}/32`, "dev", "eth0");
    await ip("route", "replace", `${address}/32`, "dev", this.device, "src", HOST_ADDRESS, "table", "local");
  }

  /** Ports that Envoy listens on now. */
  async ports(): Promise<number[]> {
    const text = await (await fetch(`http://${this.of.address}:${ADMIN_PORT}/listeners`)).text();
    return [...text.matchAll(/:(\d+)$/gm)].map(([, port]) => Number(port)).sort((a, b) => a - b);
  }

  private async makeNetwork(address: string): Promise<void> {
    const { networkNamespace: inside, device } = this;
    await ip("netns", "add", inside);
    await ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", inside);
    await ip("-n", inside, "link", "set", "lo", "up");
    await ip("-n", inside, "address", "add", `${address}/32`, "dev", "eth0");
    await ip("-n", inside, "link", "set", "eth0", "up");
    await ip("link", "set", device, "up");
    await ip("-n", inside, "route", "add", HOST_ADDRESS, "dev", "eth0", "src", address);
    await ip("-n", inside, "route", "add", "default", "via", HOST_ADDRESS, "src", address);
    // in table local, to win over the pods' range on lo
    await ip("route", "replace", `${address}/32`, "dev", device, "src", HOST_ADDRESS, "table", "local");
  }

  private bootstrap(token: string): object {
    const { namespace, gateway, pod, address, account } = this.of;
    const xds = {
      name: "xds-grpc",
      type: "STATIC",
      connect_timeout: "2s",
      typed_extension_protocol_options: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
          "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
          explicit_http_config: { http2_protocol_options: {} },
        },
      },
      load_assignment: {
        cluster_name: "xds-grpc",
        endpoints: [{ lb_endpoints: [{ endpoint: at(HOST_ADDRESS, XDS_PORT) }] }],
      },
    };
    return {
      node: {
        id: `router~${address}~${pod}.${namespace}~${namespace}.svc.cluster.local`,
        cluster: `${gateway}-istio.${namespace}`,
        metadata: {
          NAME: pod,
          NAMESPACE: namespace,
          CLUSTER_ID: "Kubernetes",
          ISTIO_VERSION: "1.31.0",
          INSTANCE_IPS: address,
          SERVICE_ACCOUNT: account,
          WORKLOAD_NAME: `${gateway}-istio`,
          LABELS: {
            "gateway.networking.k8s.io/gateway-name": gateway,
            "service.istio.io/canonical-name": `${gateway}-istio`,
          },
        },
      },
      dynamic_resources: {
        ads_config: {
          api_type: "GRPC",
          transport_api_version: "V3",
          grpc_services: [
            {
              envoy_grpc: { cluster_name: "xds-grpc" },
              initial_metadata: [{ key: "authorization", value: `Bearer ${token}` }],
            },
          ],
        },
        lds_config: { ads: {}, resource_api_version: "V3" },
        cds_config: { ads: {}, resource_api_version: "V3" },
      },
      static_resources: { clusters: [xds] },
      admin: at(address, ADMIN_PORT),
    };
  }
}

const ip = (...args: string[]) => execa("ip", args);

const at = (address: string, port_value: number) => ({ address: { socket_address: { address, port_value } } });
