import type { ControlPlane } from "../cluster/control-plane.ts";
import { program } from "../lab/context.ts";
import { Service } from "../lab/service.ts";

const NAMESPACE = "metallb-system";
const POD = "metallb-controller-lab";
const PROBE_PORT = 17473;

/** The real controller of MetalLB: it gives addresses of the program's own pool to Services. Nothing announces them here. */
export class MetalLbController {
  readonly service: Service;
  private readonly plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.plane = plane;
    this.service = new Service({
      name: "metallb-controller",
      command: program("metallb-controller"),
      args: [
        ...["--namespace", NAMESPACE, "--pod-name", POD, "--webhook-mode", "disabled", "--disable-cert-rotation"],
        ...["--port", "0", "--health-probe-port", String(PROBE_PORT)],
      ],
      env: { KUBECONFIG: plane.kubeconfig },
      ready: async () => (await fetch(`http://127.0.0.1:${PROBE_PORT}/readyz`)).ok,
    });
  }

  async start(): Promise<void> {
    await this.plane.client.must({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    // it reads its own Pod and owns objects by it
    await this.plane.client.must({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: POD, namespace: NAMESPACE },
      spec: { containers: [{ name: "controller", image: "quay.io/metallb/controller" }] },
    });
    await this.service.start();
  }
}
