import { type KubectlTarget, runKubectl } from "../../../commands/kubectl.ts";
import { StepFailure } from "../../../commands/script.ts";
import { type Answer, isFields, type Transport } from "./client.ts";

/** Which cluster, and which namespace of it. */
export interface Target extends KubectlTarget {
  readonly namespace: string;
}

/** The namespace of Vault as kubectl sees it; whatever is secret goes through stdin. */
export class Kubectl {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Commands in the vault container of a pod. */
  get transport(): Transport {
    return (pod, args, input, timeout) =>
      runKubectl(this.#target, ["exec", "-i", pod, "-c", "vault", "--", ...args], { input, timeout });
  }

  /** An object as JSON, or undefined when there is none. @throws StepFailure when the API server does not answer. */
  async get(kind: string, name: string): Promise<Record<string, unknown> | undefined> {
    const { code, stdout, stderr } = await this.run(["get", kind, name, "-o", "json"]);
    if (code !== 0 && /NotFound|not found/.test(stderr)) return undefined;
    if (code !== 0) throw this.#failure(`reading ${kind} ${name}`, stderr);
    const value: unknown = JSON.parse(stdout);
    return isFields(value) ? value : undefined;
  }

  /** Creates an object; its manifest, which may be secret, goes through stdin. */
  async create(manifest: object & { kind: string }): Promise<void> {
    const { code, stderr } = await this.run(["create", "-f", "-"], JSON.stringify(manifest));
    if (code !== 0) throw this.#failure(`creating the ${manifest.kind}`, stderr);
  }

  run(args: readonly string[], input = ""): Promise<Answer> {
    return runKubectl(this.#target, args, { input });
  }

  #failure(doing: string, stderr: string): StepFailure {
    const { context, namespace } = this.#target;
    return new StepFailure(
      `${doing} in namespace ${namespace} of context ${context} failed: ${stderr.trim().split("\n").at(-1) ?? "no message"}`,
    );
  }
}
