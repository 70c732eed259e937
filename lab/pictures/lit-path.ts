import type { Edge, Node } from "../topology/graph-model.ts";
import type { RequestPath } from "./trace-request.ts";

/** The boxes and wires on the way of a request, by id. */
export interface LitPath {
  readonly boxes: readonly string[];
  readonly edges: readonly string[];
}

/** Finds a request's way in the graph: as far as the request gets. */
export function litPath(
  { nodes, edges }: { nodes: readonly Node[]; edges: readonly Edge[] },
  path: RequestPath,
): LitPath {
  const boxes = ["client"];
  const found = [addressOf(nodes, path), listenerOf(nodes, path), routeOf(nodes, path), serviceOf(nodes, path)];
  for (const node of found) {
    if (node === undefined) continue;
    boxes.push(node.id);
  }
  const service = found[3];
  if (service !== undefined) {
    for (const { from, to, type } of edges) if (type === "traffic" && from === service.id) boxes.push(to);
  }
  const lit = new Set(boxes);
  const ruleIndex = path.rule?.ruleIndex;
  const taken = edges.filter((edge) => {
    if (edge.type !== "traffic" || !lit.has(edge.from) || !lit.has(edge.to)) return false;
    return edge.rule === undefined || edge.rule.index === ruleIndex;
  });
  return { boxes: [...lit], edges: taken.map(({ id }) => id) };
}

function addressOf(nodes: readonly Node[], { port }: RequestPath): Node | undefined {
  if (port === undefined) return undefined;
  const isController = port.owner.kind !== "Gateway";
  return nodes.find((node) => {
    if (node.type !== "address" || node.port !== port.port) return false;
    return isController ? node.ref === undefined : node.ref !== undefined && nameOf(node.ref) === port.owner.name;
  });
}

function listenerOf(nodes: readonly Node[], { port, listener }: RequestPath): Node | undefined {
  if (port === undefined || listener === undefined) return undefined;
  const isController = port.owner.kind !== "Gateway";
  return nodes.find((node) => {
    if (node.type !== "listener") return false;
    if (isController) return node.listener === undefined && node.id.endsWith(`/${port.port}`);
    const { gateway } = node;
    if (gateway === undefined || `${gateway.namespace}/${gateway.name}` !== port.owner.name) return false;
    return node.listener?.name === listener.name && node.listener.port === port.port;
  });
}

function routeOf(nodes: readonly Node[], { rule }: RequestPath): Node | undefined {
  if (rule === undefined) return undefined;
  const { kind, namespace, name } = rule.route;
  return nodes.find(({ id }) => id === `route/${kind}/${namespace}/${name}`);
}

function serviceOf(nodes: readonly Node[], { backend }: RequestPath): Node | undefined {
  if (backend === undefined) return undefined;
  const { namespace, service, port } = backend;
  return nodes.find(({ id }) => id === `service/${namespace}/${service}:${port ?? "?"}`);
}

function nameOf({ namespace, name }: { namespace: string | null; name: string }): string {
  return `${namespace ?? ""}/${name}`;
}
