import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Prototype } from "../../../config/schema.ts";
import type { Examination } from "../../../lab/doctor/diagnosis.ts";
import { examine } from "../../../lab/doctor/doctor.ts";
import { type Kubectl, kubectlOf } from "../../../lab/live/kubectl.ts";
import { type Fields, fieldsAt, fieldsList, text } from "../../../lab/manifests/fields.ts";
import { knownOf } from "../../../lab/stack/known.ts";
import { prototypeOf } from "../../../lab/stack/topology.ts";
import type { Result } from "../../../lab/verify/result.ts";
import { verify } from "../../../lab/verify/verify.ts";
import { putKubectlOnPath } from "../cluster/kubectl.ts";
import { GATEWAY_API, GatewayLab } from "../gateway/gateway-lab.ts";
import { writeIssued } from "./issued.ts";

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));

/** What a command printed, and its exit code. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A stack that is up on the real parts of {@link GatewayLab}, for the commands that look at one. They find the real kubectl
 * and a kubeconfig with the stack's context; Pulumi is stood in for by a script that prints the rehearsal's outputs, with
 * the addresses that the real Gateways were given.
 */
export class LiveLab {
  readonly gateways: GatewayLab;
  readonly stack: string;
  private readonly bin: string;

  constructor(stack: string) {
    this.stack = stack;
    this.gateways = new GatewayLab(stack);
    this.bin = join(this.gateways.plane.directory, "bin");
  }

  get client() {
    return this.gateways.plane.client;
  }

  get kubeconfig(): string {
    return this.gateways.plane.kubeconfig;
  }

  get prototype(): Prototype {
    return prototypeOf(this.gateways.rehearsed);
  }

  get kubectl(): Kubectl {
    return kubectlOf(this.stack, this.kubeconfig);
  }

  async start(): Promise<this> {
    putKubectlOnPath(this.bin);
    await this.gateways.start();
    await this.gateways.play(this.stack);
    await writeIssued(this.client, this.gateways.topology);
    await this.pretendPulumi();
    return this;
  }

  async stop(): Promise<void> {
    await this.gateways.stop();
  }

  /** The rehearsal's outputs, with the addresses of the live Gateways. */
  async outputs(): Promise<Fields> {
    const { outputs } = this.gateways.rehearsed;
    const endpoints = await Promise.all(
      fieldsList(outputs.endpoints).map(async (endpoint) => {
        const [namespace = "", name = ""] = (text(endpoint.gateway) ?? "").split("/");
        const { body } = await this.client.get(GATEWAY_API, "Gateway", namespace, name);
        const [address] = fieldsList(fieldsAt(body, "status").addresses);
        return { ...endpoint, address: address?.value };
      }),
    );
    return { ...outputs, endpoints };
  }

  /** Envoys listen at the addresses that their Gateways have now, which MetalLB may have given anew. */
  async followAddresses(): Promise<void> {
    await Promise.all(this.gateways.envoys.map((envoy) => this.gateways.takeAddress(envoy)));
    await this.pretendPulumi();
  }

  /** A command of this project as a person runs it, in a process of its own. */
  async command(name: "verify" | "doctor", ...args: string[]): Promise<Said> {
    const cli = join(PROJECT, "lab", name, "cli.ts");
    const env = { KUBECONFIG: this.kubeconfig, NO_COLOR: "1" };
    const result = await execa(process.execPath, ["--import", "tsx/esm", cli, ...args], {
      cwd: PROJECT,
      env,
      reject: false,
    });
    return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }

  /** What `doctor` finds, without the start of a process. */
  examine(kubectl = this.kubectl): Promise<Examination> {
    return examine(kubectl, () => undefined, knownOf(this.prototype));
  }

  /** What `verify` finds, without the start of a process, looked at once. */
  async verify(wait = 0): Promise<Result[]> {
    const outputs = await this.outputs();
    return verify({ prototype: this.prototype, outputs, kubectl: this.kubectl, wait, report: () => undefined });
  }

  /** The Pulumi CLI as far as `verify` asks it: its version, and the outputs of the stack that is up. */
  private async pretendPulumi(): Promise<void> {
    const outputs = join(this.bin, "outputs.json");
    writeFileSync(outputs, JSON.stringify(await this.outputs()), { mode: 0o600 });
    const pulumi = join(this.bin, "pulumi");
    writeFileSync(pulumi, `#!/bin/sh\ncase "$1" in version) echo v3.300.0 ;; *) cat "${outputs}" ;; esac\n`);
    chmodSync(pulumi, 0o755);
  }
}
