import type { KubeObject, Ref } from "../../manifests/object.ts";
import type { Node } from "../../topology/graph-model.ts";
import type { Known } from "../../topology/known.ts";
import { breaksOf } from "../breaks.ts";
import { engineId } from "../chain-graph.ts";
import type { PictureFinding, PictureInput, PictureRequest } from "../model.ts";
import { StackLines } from "../stack-line.ts";
import type { FieldData } from "./field-book.ts";
import { nameOf, withoutValues, yamlOf } from "./object-yaml.ts";

/** What the page's script works with, as JSON in the page. */
export interface PageData extends FieldData {
  /** The objects that decide about requests; Secrets without their values. */
  readonly deciding: readonly KubeObject[];
  readonly known: KnownData;
  /** What is told about a box, by id. */
  readonly boxes: Readonly<Record<string, BoxDetail>>;
  /** The requests of the table of answers, by place. */
  readonly requests: Readonly<Record<number, PictureRequest>>;
}

/** {@link Known} with its set as a list. */
export type KnownData = Omit<Known, "provided"> & { readonly provided: readonly string[] };

export interface BoxDetail {
  readonly heading: string;
  readonly source:
    | { readonly file: string; readonly line: number; readonly text: string; readonly note: string }
    | undefined;
  /** Names of the objects, each with its YAML. */
  readonly objects: readonly { readonly name: string; readonly yaml: string }[];
  readonly findings: readonly Pick<PictureFinding, "rule" | "severity" | "message" | "fix">[];
}

/** Kinds that the topology and the gateway's plan read. */
const DECIDING = new Set([
  "BackendTLSPolicy",
  "Certificate",
  "ClusterIssuer",
  "DaemonSet",
  "Deployment",
  "EndpointSlice",
  "GRPCRoute",
  "Gateway",
  "GatewayClass",
  "HTTPRoute",
  "Ingress",
  "IngressClass",
  "Issuer",
  "ListenerSet",
  "Namespace",
  "Pod",
  "ReferenceGrant",
  "ReplicaSet",
  "Secret",
  "Service",
  "StatefulSet",
  "TCPRoute",
  "TLSRoute",
  "UDPRoute",
]);

/** @param fieldData what the page's buttons for fields show */
export function pageData(input: PictureInput, fieldData: FieldData): PageData {
  const { topology, answers } = input;
  const { provided, ...known } = topology.known;
  return {
    ...fieldData,
    deciding: topology.objects.objects.filter(({ object }) => DECIDING.has(object.kind)).map(withoutValues),
    known: { ...known, provided: [...(provided ?? [])] },
    boxes: boxDetails(input),
    requests: Object.fromEntries(answers.flatMap(({ request }, i) => (request === undefined ? [] : [[i, request]]))),
  };
}

function boxDetails({ stack, stackFile, topology, findings }: PictureInput): Record<string, BoxDetail> {
  const lines = stackFile && new StackLines(stack, stackFile);
  const breaks = breaksOf(topology.nodes, topology.edges, findings);
  const secrets = new Map<string, Node>();
  const byId = new Map(topology.nodes.map((node) => [node.id, node]));
  for (const edge of topology.edges) {
    const secret = edge.type === "fills" ? byId.get(edge.from) : undefined;
    if (secret !== undefined) secrets.set(edge.to, secret);
  }
  return Object.fromEntries(
    [...topology.nodes, ...enginesOf(topology.nodes)].map((node) => {
      const parts = [node, ...(secrets.has(node.id) ? [secrets.get(node.id)] : [])];
      const sources = parts.flatMap((part) => part?.sourced ?? []);
      return [
        node.id,
        {
          heading: headingOf(node),
          source: sourceOf(node, lines),
          objects: [...new Set(sources)].map((sourced) => ({ name: nameOf(sourced.object), yaml: yamlOf(sourced) })),
          findings: (breaks.boxes.get(node.id) ?? []).map(({ rule, severity, message, fix }) => {
            return { rule, severity, message, fix };
          }),
        },
      ];
    }),
  );
}

/** Vault's engines as boxes of their own, as the picture of the chain has them. */
function enginesOf(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => {
    if (node.type !== "authority" || node.authority.type !== "vault") return [];
    return [{ ...node, id: engineId(node.authority.mount), authority: { ...node.authority, role: undefined } }];
  });
}

function headingOf(node: Node): string {
  const where = node.namespace === null || node.type === "address" ? "" : `${node.namespace}/`;
  if (node.type === "authority" && node.authority.type === "vault") {
    const { mount, role } = node.authority;
    return role === undefined ? `Vault engine ${mount}` : `Vault role ${role} of ${mount}`;
  }
  const kind = node.type === "listener" || node.type === "address" ? node.type : (node.ref?.kind ?? node.type);
  return `${kind} ${where}${node.label}`;
}

function sourceOf(node: Node, lines: StackLines | undefined): BoxDetail["source"] {
  const written = node.sourced?.source;
  if (written !== undefined) return { ...written, text: "", note: "the object begins there" };
  const place = placeOf(node, lines);
  if (place === undefined) return undefined;
  const { file, line, text, path, exact } = place;
  return { file, line, text, note: exact ? `learn:${path}` : `follows from learn:${path}` };
}

function placeOf(node: Node, lines: StackLines | undefined) {
  if (node.type === "authority") {
    return node.authority.type === "vault" ? lines?.findEngine(node.authority.mount) : undefined;
  }
  const ref: Ref | undefined = node.ref;
  if (ref === undefined) return undefined;
  return lines?.find(ref, node.type === "listener" ? node.listener?.name : undefined);
}
