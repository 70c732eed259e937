import type { ToolResult } from "../../components/cluster/run-tool.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Kubectl } from "../../lab/live/kubectl.ts";
import { type Fields, fields, fieldsAt, text } from "../../lab/manifests/fields.ts";
import { type Rehearsal, stage } from "../../lab/rehearsal/rehearsal.ts";
import { rehearse } from "../../lab/rehearsal/rehearse.ts";
import { prototypeOf } from "../../lab/stack/topology.ts";

/**
 * A cluster that is none: a rehearsed stack whose gateways really listen, behind a stand-in for kubectl that answers from
 * the registered objects and "forwards" to the local gateway's ports. Where a test needs more it adds answers.
 */
export interface RehearsedCluster {
  readonly prototype: Prototype;
  readonly outputs: Fields;
  readonly rehearsal: Rehearsal;
  readonly kubectl: Kubectl;
  /** Objects by "kind namespace/name" (lower-case kind), to be changed by a test. */
  readonly objects: Map<string, Fields>;
  /** Answers to whole command lines, before anything else is tried. */
  readonly answers: Map<RegExp, ToolResult>;
  close(): Promise<void>;
}

export async function clusterOfRehearsal(stack: string): Promise<RehearsedCluster> {
  const rehearsed = await rehearse(stack, { run: "here", config: { "learn:wiring": "off" } });
  const prototype = prototypeOf(rehearsed);
  const rehearsal = await stage(rehearsed, prototype, { directory: "out" });
  const objects = new Map<string, Fields>();
  for (const { object } of rehearsed.registrations) {
    if (object) objects.set(keyOf(object.kind, object.metadata.namespace, object.metadata.name), object);
  }
  const answers = new Map<RegExp, ToolResult>();
  const kubectl: Kubectl = {
    context: stack,
    run: async (args) => {
      const line = args.join(" ");
      for (const [pattern, answer] of answers) if (pattern.test(line)) return answer;
      return get(args, objects);
    },
    forward: async (namespace, target, port) => {
      const gateway = target.replace(/^service\//, "").replace(/-istio$/, "");
      const served = rehearsal.gateway.ports.find(
        ({ owner, port: wanted }) => wanted === port && owner.name === `${namespace}/${gateway}`,
      );
      if (served?.local === undefined) throw new Error(`nothing serves ${namespace}/${gateway}:${port}`);
      return { port: served.local.port, close: () => undefined };
    },
  };
  const close = async () => rehearsal.gateway.close();
  return { prototype, outputs: rehearsed.outputs, rehearsal, kubectl, objects, answers, close };
}

export function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind.toLowerCase()} ${namespace ?? ""}/${name}`;
}

/** `get KIND NAME -o json` and `get KIND -o json` from the objects. */
function get(args: readonly string[], objects: ReadonlyMap<string, Fields>): ToolResult {
  const namespace = args[args.indexOf("-n") + 1];
  const at = args.indexOf("get");
  const kind = (args[at + 1] ?? "").replace(/s$/, "");
  const name = args[at + 2];
  const scoped = args.includes("-n") ? namespace : undefined;
  if (name !== undefined && !name.startsWith("-")) {
    const found = objects.get(keyOf(kind, scoped, name));
    return { code: 0, stdout: found === undefined ? "" : JSON.stringify(found), stderr: "" };
  }
  const selector = args.includes("-l") ? (args[args.indexOf("-l") + 1] ?? "").split("=") : undefined;
  const items = [...objects.entries()]
    .filter(([key]) => key.startsWith(`${kind} `))
    .map(([, object]) => fieldsAt(object, "metadata"))
    .filter((metadata) => scoped === undefined || metadata.namespace === scoped)
    .filter(({ labels }) => selector === undefined || fields(labels)[selector[0] ?? ""] === selector[1])
    .map((metadata) => objects.get(keyOf(kind, text(metadata.namespace), text(metadata.name) ?? "")));
  return { code: 0, stdout: JSON.stringify({ items }), stderr: "" };
}
