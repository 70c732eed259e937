import type { Node } from "../topology/graph-model.ts";
import { breaksOf } from "./breaks.ts";
import { type ChainGraph, chainGraph, rankNodes } from "./chain-graph.ts";
import type { Box, Diagram, Wire } from "./diagram.ts";
import { inWords, shareOf } from "./lifetime.ts";
import type { PictureCertificate, PictureInput } from "./model.ts";
import { WIRE_STATES, type WireState } from "./wire-state.ts";

const WIDTH = 184;
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
  const distinct = made.filter(({ box }, i) => made.findIndex((other) => other.box.id === box.id) === i);
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
      const bar = seconds === 0 ? undefined : { share: shareOf(seconds, longest), text: lifetimeText(node, seconds) };
      return { ...boxOf(node, graph.secretOf), column: ranks.get(node.id) ?? 0, badge, bar };
    }),
    ...distinct.map(({ box, seconds }) => ({
      ...box,
      column: ranks.get(box.id) ?? 0,
      bar: { share: shareOf(seconds, longest), text: inWords(seconds) },
    })),
  ];
  const wires: Wire[] = [
    ...links.map((link) => {
      const state: WireState = link.why === undefined ? link.state : "broken";
      return wire(link.id, link.from, link.to, state, link.why);
    }),
    ...made.map(({ box, to }) => wire(`${box.id} > ${to}`, box.id, to, "signs", undefined)),
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

function wire(id: string, from: string, to: string, state: WireState, why: string | undefined): Wire {
  const tooltip = why === undefined ? WIRE_STATES[state].meaning : `broken: ${why}`;
  return { id, edges: [id], from, to, fromLine: undefined, state, label: why, tooltip };
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
      if (role !== undefined) return { caption: `Vault role of ${mount}`, title: role, lines: [] };
      return { caption: "Vault engine", title: mount, lines: commonName === undefined ? [] : [commonName] };
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

function lifetimeText(node: Node, seconds: number): string {
  const isLimit = node.type === "authority" && node.authority.type === "vault" && node.authority.role !== undefined;
  return `${isLimit ? "≤ " : ""}${inWords(seconds)}`;
}

/** The lifetime of a node's certificate, or the longest that a role allows, in seconds; 0 = neither. */
function secondsOf(node: Node): number {
  if (node.type === "certificate") return node.certificate.durationSeconds;
  if (node.type === "authority" && node.authority.type === "vault") {
    const { role, ttlSeconds, maxTtlSeconds } = node.authority;
    return (role === undefined ? ttlSeconds : maxTtlSeconds) ?? 0;
  }
  return 0;
}
