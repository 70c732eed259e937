import type { Edge, Node } from "../topology/graph-model.ts";

/** A wire of the chain: from who vouches to who is vouched for, or from a Secret to who uses it. */
export interface Link {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly state: "signs" | "holds";
  /** False when it leads nowhere; `reason` then says why. */
  readonly ok: boolean;
  readonly reason: string | undefined;
}

export interface ChainGraph {
  readonly nodes: readonly Node[];
  readonly links: readonly Link[];
  /** The Secret that a Certificate fills, by the Certificate's id: both are one box. */
  readonly secretOf: ReadonlyMap<string, Node>;
}

/**
 * The certificate part of a topology's graph: its direction turned round, Secrets put into the boxes of their
 * Certificates, and a Vault engine told apart from its roles.
 */
export function chainGraph(nodes: readonly Node[], edges: readonly Edge[]): ChainGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const filledBy = new Map(edges.flatMap((edge) => (edge.type === "fills" ? [[edge.from, edge.to] as const] : [])));
  const secretOf = new Map<string, Node>();
  for (const [secret, certificate] of filledBy) {
    const node = byId.get(secret);
    if (node !== undefined) secretOf.set(certificate, node);
  }
  // "Signs itself" is a word of the issuer's box, no box of its own.
  const isSelfSigned = (id: string) => {
    const node = byId.get(id);
    return node?.type === "authority" && node.authority.type === "self-signed";
  };
  const boxFor = (id: string) => filledBy.get(id) ?? id;
  const links = edges.flatMap((edge): Link[] => {
    if (edge.type === "traffic" || edge.type === "fills" || isSelfSigned(edge.to)) return [];
    const { id, ok, reason } = edge;
    const state = edge.type === "uses" ? "holds" : "signs";
    return [{ id, from: boxFor(edge.to), to: boxFor(edge.from), state, ok, reason }];
  });
  const linked = new Set(links.flatMap(({ from, to }) => [from, to]));
  const shown = nodes.filter(({ id, type }) => linked.has(id) || (type === "certificate" && !filledBy.has(id)));
  return { ...withEngines(shown, links), secretOf };
}

/** The id of the box of a Vault engine, which the topology gives to an engine without a role, too. */
export function engineId(mount: string): string {
  return `authority/vault/${mount}`;
}

/** What signs a role's engine signs the engine; the engine signs what the role allows. */
function withEngines(nodes: readonly Node[], links: readonly Link[]): Pick<ChainGraph, "nodes" | "links"> {
  const engines = new Map<string, Node>();
  const engineOf = new Map<string, string>();
  for (const node of nodes) {
    if (node.type !== "authority" || node.authority.type !== "vault") continue;
    const id = engineId(node.authority.mount);
    const authority = { ...node.authority, role: undefined, maxTtlSeconds: undefined };
    if (!engines.has(id)) engines.set(id, { ...node, id, authority });
    if (node.id !== id) engineOf.set(node.id, id);
  }
  const moved = new Map<string, Link>();
  for (const link of links) {
    const to = link.state === "signs" ? (engineOf.get(link.to) ?? link.to) : link.to;
    const id = to === link.to ? link.id : `${link.from} > ${to}`;
    moved.set(id, { ...link, id, to });
  }
  for (const [role, engine] of engineOf) {
    const id = `${engine} > ${role}`;
    moved.set(id, { id, from: engine, to: role, state: "signs", ok: true, reason: undefined });
  }
  const rest = nodes.filter(({ id }) => !engines.has(id));
  return { nodes: [...engines.values(), ...rest], links: [...moved.values()] };
}

/** Column of each node: the longest way to it from an authority. Circles, which are findings, end where they begin. */
export function rankNodes(ids: readonly string[], links: readonly { from: string; to: string }[]): Map<string, number> {
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
