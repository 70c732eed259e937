import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { context, program } from "../lab/context.ts";
import { Service } from "../lab/service.ts";
import { eventually } from "../lab/wait.ts";
import { HOST_ADDRESS, POD_RANGE } from "./addresses.ts";

const NAME = "lab";

/**
 * One node, whose kubelet is kwok: pods are scheduled, get an address of the lab and are Running, but nothing runs in them.
 * Their addresses are local to the lab, so that a real process can listen there.
 */
export class SimulatedNode {
  private readonly plane: ControlPlane;
  private readonly scheduler: Service;
  private readonly kwok: Service;

  constructor(plane: ControlPlane) {
    this.plane = plane;
    const node = async () => (await plane.client.get("v1", "Node", null, NAME)).body;
    this.scheduler = new Service({
      name: "kube-scheduler",
      command: program("kube-scheduler"),
      args: [`--kubeconfig=${plane.kubeconfig}`, "--leader-elect=false", "--secure-port=0"],
      ready: async () => true,
    });
    const stages = join(plane.directory, "kwok.yaml");
    writeFileSync(stages, stageFiles());
    this.kwok = new Service({
      name: "kwok",
      command: program("kwok"),
      args: [
        `--kubeconfig=${plane.kubeconfig}`,
        "--manage-all-nodes",
        `--cidr=${POD_RANGE}`,
        `--node-ip=${HOST_ADDRESS}`,
        `--config=${stages}`,
      ],
      ready: async () => {
        const conditions: { type: string; status: string }[] = (await node()).status?.conditions ?? [];
        return conditions.some(({ type, status }) => type === "Ready" && status === "True");
      },
    });
  }

  async start(): Promise<void> {
    await execa("ip", ["address", "replace", POD_RANGE, "dev", "lo"]);
    await execa("ip", ["address", "replace", `${HOST_ADDRESS}/32`, "dev", "lo"]);
    const labels = { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": NAME };
    await this.plane.client.must({ apiVersion: "v1", kind: "Node", metadata: { name: NAME, labels } });
    await this.scheduler.start();
    await this.kwok.start();
    // the admission plugin taints a new node, and the controller that takes the taint away does not run here
    await eventually("the node to be free of taints", 10, async () => {
      const path = `/api/v1/nodes/${NAME}`;
      const { status } = await this.plane.client.send(
        "PATCH",
        path,
        { spec: { taints: null } },
        "application/merge-patch+json",
      );
      return status === 200;
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.kwok.stop(), this.scheduler.stop()]);
  }
}

/** kwok's own stages that make pods and nodes ready at once. */
function stageFiles(): string {
  const source = context().sources.kwok ?? "";
  return ["pod", "node"]
    .flatMap((kind) => {
      const directory = join(source, "kustomize", "stage", kind, "fast");
      const files = readdirSync(directory).filter((name) => name.startsWith(`${kind}-`));
      return files.map((name) => readFileSync(join(directory, name), "utf8"));
    })
    .join("\n---\n");
}
