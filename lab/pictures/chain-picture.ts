import type { Edge, Node } from "../topology/graph-model.ts";
import { breaksOf } from "./breaks.ts";
import type { Box, Diagram, Wire } from "./diagram.ts";
import { inWords, shareOf } from "./lifetime.ts";
import type { PictureCertificate, PictureInput } from "./model.ts";
import { WIRE_STATES, type WireState } from "./wire-state.ts";

const WIDTH = 206;
const LANE = "chain";

/**
 * Who vouches for whom, from the authorities on the left to those who hold a certificate: Vault's root → intermediate
 * with its role → Issuer → Certificate and its Secret → listener or pod. Undefined when there is no certificate.
 */
export function chainPicture(
  input: Pick<PictureInput, "stack" | "topology" | "findings" | "certificates">,
): Diagram | undefined {
  const { topology, stack, certificates } = input;
  const graph = chainGraph(topology.nodes, topology.edges);
  if (graph.nodes.length === 0) return undefined;
  const breaks = breaksOf(graph.nodes, graph.links, input.findings);
  const made = madeByProgram(graph, certificates);
  const longest = Math.max(1, ...graph.nodes.map(secondsOf), ...made.map(({ seconds }) => seconds));
  const links = graph.links.map((link) => ({ ...link, why: breaks.wires.get(link.id) }));
  const ranks = rankNodes(
    [...graph.nodes.map(({ id }) => id), ...made.map(({ box }) => box.id)],
    [...links, ...made.map(({ box, to }) => ({ from: box.id, to }))],
  );
  const boxes: Box[] = [
    ...graph.nodes.map((node) => {
      const finding = breaks.boxes.get(node.id)?.[0];
      const badge = finding && { text: finding.rule, severity: finding.severity };
      const seconds = secondsOf(node);
      const bar = seconds === 0 ? undefined : { share: shareOf(seconds, longest), text: inWords(seconds) };
      return { ...boxOf(node, graph.secretOf), column: ranks.get(node.id) ?? 0, badge, bar };
    }),
    ...made.map(({ box, seconds }) => ({
      ...box,
      column: ranks.get(box.id) ?? 0,
      bar: { share: shareOf(seconds, longest), text: inWords(seconds) },
    })),
  ];
  const wires: Wire[] = [
    ...links.map((link) => {
      const state: WireState = link.why === undefined ? link.state : "broken";
      return wire(link.id, [...link.edges], link.from, link.to, state, link.why);
    }),
    ...made.map(({ box, to }) => wire(`${box.id} > ${to}`, [], box.id, to, "signs", undefined)),
  ];
  const states = new Set(wires.map(({ state }) => state));
  return {
    title: `Certificates of ${stack}`,
    description: `Who signs which certificate of ${stack}, from the authority to the listener or pod that holds it, with lifetimes.`,
    columns: [],
    widths: Array.from({ length: Math.max(...boxes.map(({ column }) => column)) + 1 }, () => WIDTH),
    lanes: [{ id: LANE, title: undefined }],
    boxes,
    wires,
    legend: (["signs", "holds", "broken"] as const).filter((state) => states.has(state)),
  };
}

interface Link {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly state: "signs" | "holds";
  readonly edges: readonly string[];
  readonly ok: boolean;
  readonly reason: string | undefined;
}

interface ChainGraph {
  readonly nodes: readonly Node[];
  readonly links: readonly (Link & Edge)[];
  /** The Secret that a Certificate fills, by the Certificate's id: both are one box. */
  readonly secretOf: ReadonlyMap<string, Node>;
}

/** The certificate part of the graph, its direction turned round, Secrets put into the boxes of their Certificates. */
function chainGraph(nodes: readonly Node[], edges: readonly Edge[]): ChainGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const filledBy = new Map(edges.flatMap((edge) => (edge.type === "fills" ? [[edge.from, edge.to] as const] : [])));
  const secretOf = new Map<string, Node>();
  for (const [secret, certificate] of filledBy) {
    const node = byId.get(secret);
    if (node !== undefined) secretOf.set(certificate, node);
  }
  const isSelfSigned = (id: string) => {
    const node = byId.get(id);
    return node?.type === "authority" && node.authority.type === "self-signed";
  };
  const boxFor = (id: string) => filledBy.get(id) ?? id;
  const links = edges.flatMap((edge): (Link & Edge)[] => {
    if (edge.type === "traffic" || edge.type === "fills" || isSelfSigned(edge.to)) return [];
    const from = boxFor(edge.to);
    const to = boxFor(edge.from);
    const state = edge.type === "uses" ? "holds" : "signs";
    return [{ ...edge, from, to, state, edges: [edge.id] }];
  });
  const linked = new Set(links.flatMap(({ from, to }) => [from, to]));
  const shown = nodes.filter(({ id, type }) => linked.has(id) || (type === "certificate" && !filledBy.has(id)));
  return { nodes: shown, links, secretOf };
}

interface Made {
  readonly box: Omit<Box, "column" | "bar">;
  readonly to: string;
  readonly seconds: number;
}

/** Authorities that no object declares (made by the program itself): known from the certificates that were issued. */
function madeByProgram({ nodes, links }: ChainGraph, certificates: readonly PictureCertificate[]): Made[] {
  const signed = new Set(links.filter(({ state }) => state === "signs").map(({ to }) => to));
  return nodes.flatMap((node): Made[] => {
    if (node.type !== "secret" || signed.has(node.id) || node.ref === undefined) return [];
    const secret = `${node.ref.namespace}/${node.ref.name}`;
    const root = certificates.find((candidate) => candidate.secret === secret)?.chain.at(-1);
    if (root === undefined) return [];
    const seconds = Math.round((Date.parse(root.notAfter) - Date.parse(root.notBefore)) / 1000);
    const box = {
      id: `made/${root.subject}`,
      type: "authority",
      lane: LANE,
      caption: "authority made by the program",
      title: root.subject,
      lines: [root.key],
      tooltip: `authority made by the program: ${root.subject}, ${root.key}`,
    };
    return [{ box, to: node.id, seconds: Number.isFinite(seconds) ? seconds : 0 }];
  });
}

/** Column of each node: the longest way to it from an authority. Circles, which are findings, end where they begin. */
function rankNodes(ids: readonly string[], links: readonly { from: string; to: string }[]): Map<string, number> {
  const ranks = new Map<string, number>();
  const before = new Map<string, string[]>();
  for (const { from, to } of links) before.set(to, [...(before.get(to) ?? []), from]);
  const rank = (id: string, path: ReadonlySet<string>): number => {
    const known = ranks.get(id);
    if (known !== undefined) return known;
    if (path.has(id)) return 0;
    const here = new Set(path).add(id);
    const found = Math.max(-1, ...(before.get(id) ?? []).map((from) => rank(from, here))) + 1;
    ranks.set(id, found);
    return found;
  };
  for (const id of ids) rank(id, new Set());
  return ranks;
}

function wire(
  id: string,
  edges: readonly string[],
  from: string,
  to: string,
  state: WireState,
  why: string | undefined,
): Wire {
  const tooltip = why === undefined ? WIRE_STATES[state].meaning : `broken: ${why}`;
  return { id, edges, from, to, fromLine: undefined, state, label: why, tooltip };
}

function boxOf(node: Node, secretOf: ReadonlyMap<string, Node>): Omit<Box, "column"> {
  const { caption, title, lines } = wordsOf(node, secretOf.get(node.id));
  const where = node.namespace === null ? "" : ` in namespace ${node.namespace}`;
  return {
    id: node.id,
    type: node.type,
    lane: LANE,
    caption,
    title,
    lines,
    tooltip: [`${caption}: ${title}${where}`, ...lines].join("; "),
  };
}

const SOURCES: Readonly<Record<string, string>> = { selfSigned: "self-signed", ca: "CA", vault: "asks Vault" };

function wordsOf(node: Node, secret: Node | undefined): { caption: string; title: string; lines: string[] } {
  const place = node.namespace === null ? "" : `, ${node.namespace}`;
  switch (node.type) {
    case "authority": {
      const { authority } = node;
      if (authority.type !== "vault") return { caption: "authority", title: node.label, lines: [] };
      const { mount, role, commonName } = authority;
      const lines = [
        ...(commonName === undefined ? [] : [commonName]),
        ...(role === undefined ? [] : [`role ${role}`]),
      ];
      return { caption: "Vault engine", title: mount, lines: [...lines, ...roleLimit(authority.maxTtlSeconds)] };
    }
    case "issuer": {
      const source = node.issuer?.source.type;
      const kind = SOURCES[source ?? ""] ?? source;
      const missing = node.issuer === undefined ? ["does not exist"] : [];
      return { caption: `${node.ref?.kind ?? "Issuer"}${place}`, title: node.label, lines: kind ? [kind] : missing };
    }
    case "certificate": {
      const { isCa, dnsNames, commonName } = node.certificate;
      const names = isCa
        ? [commonName ?? ""]
        : dnsNames.length > 2
          ? [...dnsNames.slice(0, 1), `and ${dnsNames.length - 1} more names`]
          : dnsNames;
      const filled = secret === undefined || secret.label === node.label ? [] : [`Secret ${secret.label}`];
      const caption = `${isCa ? "CA Certificate" : "Certificate, Secret"}${place}`;
      return { caption, title: node.label, lines: [...names.filter((name) => name !== ""), ...filled] };
    }
    case "secret":
      return { caption: `Secret${place}`, title: node.label, lines: [] };
    case "listener":
      return {
        caption: `listener${place}`,
        title: node.label,
        lines: [`of ${node.gateway?.name ?? node.listener?.owner.ref.name ?? "the controller"}`],
      };
    default:
      return { caption: `${node.ref?.kind ?? node.type}${place}`, title: node.label, lines: [] };
  }
}

function roleLimit(seconds: number | undefined): string[] {
  return seconds === undefined ? [] : [`at most ${inWords(seconds)}`];
}

/** The lifetime of the certificate that a node stands for, in seconds; 0 = it is none. */
function secondsOf(node: Node): number {
  if (node.type === "certificate") return node.certificate.durationSeconds;
  if (node.type === "authority" && node.authority.type === "vault") return node.authority.ttlSeconds ?? 0;
  return 0;
}
