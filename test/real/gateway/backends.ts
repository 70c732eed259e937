import net from "node:net";
import { StandIns } from "../../../lab/gateway/backends/stand-ins.ts";
import type { CertificateStore } from "../../../lab/gateway/certificates/store.ts";
import type { BackendTarget } from "../../../lab/gateway/matching/decision.ts";
import type { Topology } from "../../../lab/topology/model.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../lab/wait.ts";

interface Slice {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly port: number }[];
}

/**
 * What listens on the addresses of simulated pods: the rehearsal's stand-ins of their images, reached at the very addresses
 * and ports that the API server's EndpointSlices name. A pod that terminates TLS does so with the Secret it mounts.
 */
export class PodBackends {
  private readonly standIns: StandIns;
  private readonly servers: net.Server[] = [];

  private constructor(standIns: StandIns) {
    this.standIns = standIns;
  }

  static async start(plane: ControlPlane, topology: Topology, store: CertificateStore): Promise<PodBackends> {
    const backends = new PodBackends(await StandIns.start(topology, store));
    for (const service of topology.services) {
      if (service.workloads.every(({ replicas }) => replicas === 0)) continue;
      const slices = await eventually(`endpoints of Service ${service.namespace}/${service.name}`, 60, async () => {
        const path = `/apis/discovery.k8s.io/v1/namespaces/${service.namespace}/endpointslices?labelSelector=kubernetes.io/service-name%3D${service.name}`;
        const items: Slice[] = (await plane.client.send("GET", path)).body.items ?? [];
        return items.some(({ endpoints = [] }) => endpoints.some(({ conditions }) => conditions?.ready)) ? items : null;
      });
      for (const { endpoints = [], ports = [] } of slices)
        for (const { addresses } of endpoints)
          for (const address of addresses)
            for (const { name, port: podPort } of ports) {
              const declared = service.ports.find((one) => (one.name ?? "") === (name ?? ""));
              if (declared)
                await backends.listen(address, podPort, {
                  namespace: service.namespace,
                  service: service.name,
                  port: Number(declared.port),
                  failure: undefined,
                });
            }
    }
    return backends;
  }

  async close(): Promise<void> {
    for (const server of this.servers) server.close();
    await this.standIns.close();
  }

  /** Two Services may lead to one port of one pod; the first speaks for both. */
  private async listen(address: string, port: number, target: BackendTarget): Promise<void> {
    if (this.servers.some((server) => isAt(server, address, port))) return;
    const { host, port: inner } = await this.standIns.tcp(target);
    const server = net.createServer((socket) => {
      const through = net.connect({ host, port: inner });
      socket.on("error", () => through.destroy());
      through.on("error", () => socket.destroy());
      socket.pipe(through).pipe(socket);
    });
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen({ host: address, port }, resolve));
    this.servers.push(server);
  }
}

function isAt(server: net.Server, address: string, port: number): boolean {
  const at = server.address();
  return typeof at === "object" && at?.address === address && at.port === port;
}
