import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import type { ToolResult } from "../../components/cluster/run-tool.ts";
import { toPem } from "../../lab/issuing/x509.ts";
import { type Fields, textMap } from "../../lab/manifests/fields.ts";
import type { KubeObject } from "../../lab/manifests/object.ts";
import { clusterOfRehearsal } from "../support/cluster-of-rehearsal.ts";
import { condition, LiveObjects, podOf } from "../support/live-objects.ts";

/** A call of the pretended kubectl, as its program sends it here. */
interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

/**
 * A stack that pretends to be up: a rehearsal whose gateways really listen, and an address at which the pretended kubectl
 * asks what to answer. What it says of statuses, pods and Vault is made up after the documentation of each.
 */
export interface PretendedCluster {
  /** The stack's outputs; their addresses are of a network that is nowhere (RFC 5737). */
  readonly outputs: Fields;
  /** Where kubectl asks. */
  readonly url: string;
  close(): Promise<void>;
}

export async function pretendedCluster(stack: string): Promise<PretendedCluster> {
  const cluster = await clusterOfRehearsal(stack);
  const live = await LiveObjects.of(stack);
  for (const { secret, issuing } of cluster.rehearsal.certificates) {
    const chain = "chain" in issuing ? issuing.chain : [];
    live.change(`Secret ${secret}`, { data: { "tls.crt": Buffer.from(toPem(...chain)).toString("base64") } });
  }
  const ready = { phase: "Running", conditions: [condition("Ready", "True", "Ready")] };
  live.put(podOf("istio-system", "ztunnel-1", { app: "ztunnel" }, ready));
  const outputs: Fields = JSON.parse(JSON.stringify(cluster.outputs).replaceAll("192.168.49.", "192.0.2."));

  const ztunnel = await listening(createServer((_, response) => response.end(JSON.stringify(workloads(live.all)))));
  const answer = async ({ args, input }: Call): Promise<ToolResult & { readonly forward?: number }> => {
    const said = args.join(" ");
    const done = (stdout: string) => ({ code: 0, stdout, stderr: "" });
    if (said.includes("vault status")) return done('{"initialized":true,"sealed":false}');
    if (said.includes("vault kv get")) return done(input === `${outputs.vaultToken}\n` ? KV : "");
    if (args.includes("get")) return done(get(args, live.all));
    const at = args.indexOf("port-forward");
    if (at < 0) return { code: 1, stdout: "", stderr: `the pretended kubectl does not know: ${said}` };
    const [target = "", ports = ""] = args.slice(at + 1);
    if (target.startsWith("pod/ztunnel")) return { ...done(""), forward: portOf(ztunnel) };
    const { port } = await cluster.kubectl.forward(
      after(args, "--namespace") ?? "",
      target,
      Number(ports.split(":").at(-1)),
    );
    return { ...done(""), forward: port };
  };
  const server = await listening(
    createServer((request, response) => {
      void readCall(request)
        .then(answer)
        .then((result) => response.end(JSON.stringify(result)))
        .catch((error: Error) => response.end(JSON.stringify({ code: 1, stdout: "", stderr: error.message })));
    }),
  );
  return {
    outputs,
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      for (const each of [server, ztunnel]) each.close();
      await cluster.close();
    },
  };
}

const KV = JSON.stringify({ data: { data: { username: "pretended", password: "pretended" } } });

async function readCall(request: IncomingMessage): Promise<Call> {
  return JSON.parse(await readText(request));
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function portOf(server: Server): number {
  const { port } = server.address() as AddressInfo;
  return port;
}

function after(args: readonly string[], flag: string): string | undefined {
  return args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
}

/** `get KIND NAME` prints one object or nothing, `get KIND,KIND` a list; kinds in the plural, with or without their group. */
function get(args: readonly string[], objects: readonly KubeObject[]): string {
  const [given = "", name = "-"] = args.slice(args.indexOf("get") + 1);
  const plurals = given.split(",").map((resource) => resource.split(".")[0] ?? "");
  const of = (kind: string) =>
    [kind, `${kind}s`, `${kind}es`, kind.replace(/y$/, "ies")].some((plural) => plurals.includes(plural));
  const [label = "", value] = (after(args, "-l") ?? "").split("=");
  const namespace = after(args, "-n");
  const found = objects.filter(
    ({ kind, metadata }) =>
      of(kind.toLowerCase()) &&
      (namespace === undefined || (metadata.namespace ?? "default") === namespace) &&
      (label === "" || textMap(metadata.labels)[label] === value),
  );
  if (name.startsWith("-")) return JSON.stringify({ items: found });
  const one = found.find(({ metadata }) => metadata.name === name);
  return one === undefined ? "" : JSON.stringify(one);
}

/** ztunnel's list of workloads when every pod of the applications is in the mesh. */
function workloads(objects: readonly KubeObject[]): Fields {
  const pods = objects.filter(({ kind }) => kind === "Pod");
  return {
    workloads: pods.map(({ metadata: { name, namespace } }) => ({
      name,
      namespace,
      workloadName: name.replace(/-\d+$/, ""),
      protocol: "HBONE",
    })),
  };
}
