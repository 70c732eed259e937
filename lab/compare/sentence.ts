import type { Move } from "./compare.ts";
import type { Fact, Topic } from "./facts.ts";

/** What a move means, in a sentence. */
export function sentenceOf({ topic, from, to, kind }: Move, way: Way | undefined): string {
  if (kind === "same") return "Nothing moved.";
  if (topic === "who signs" && kind === "changed") {
    return "Another authority signs; the issuerRef leads to it, and neither door nor application notices.";
  }
  if (topic === "behind the door" && saysMesh(from) !== saysMesh(to)) {
    return saysMesh(to)
      ? "A label puts the pods into the ambient mesh; nothing in the application's own manifests is about it."
      : "Without the label the pods are outside the mesh.";
  }
  if (way === "ingress to gateway" && kind !== "added" && kind !== "removed") return onTheWay(topic, from);
  return plainly(kind);
}

/** The step that an application takes from Ingress to the Gateway API; undefined: another one, or none. */
export type Way = "ingress to gateway";

/** Which step the moves of an application are. */
export function wayOf(moves: readonly Pick<Move, "from" | "to">[]): Way | undefined {
  const kinds = (side: "from" | "to") =>
    new Set(moves.flatMap((move) => move[side].flatMap(({ fields }) => fields.map(({ ref }) => ref.kind))));
  return kinds("from").has("Ingress") && !kinds("to").has("Ingress") && kinds("to").has("Gateway")
    ? "ingress to gateway"
    : undefined;
}

/** https://gateway-api.sigs.k8s.io/guides/getting-started/migrating-from-ingress/ */
function onTheWay(topic: Topic, from: readonly Fact[]): string {
  switch (topic) {
    case "controller":
      return "ingressClassName of each Ingress became gatewayClassName of the Gateway: the door names who serves it, not the rules.";
    case "door":
      return "The ports were the controller's own; the Gateway lists each as a listener with port and protocol.";
    case "address":
      return "All Ingresses shared the controller's Service; a Gateway has a Service and an address of its own.";
    case "host":
      return "rules[].host became hostnames of the route, within what the listener's hostname allows.";
    case "path":
      return "http.paths[] became matches of the HTTPRoute, which can match headers, query and method, too.";
    case "backend":
      return "backend.service became backendRefs of the route: more than one, with weights, and across namespaces with a grant.";
    case "where TLS ends":
      return isAnnotated(from)
        ? "The annotation of one controller became a field: tls.mode of the listener."
        : "That spec.tls was there meant that TLS ends at the controller; tls.mode of the listener says it.";
    case "certificate":
      return "secretName became certificateRefs of the listener: the certificate belongs to the door, not to each rule.";
    case "who signs":
      return "The Certificate has another name; its issuerRef leads to the same authority.";
    case "http to https":
      return "What the controller did by habit or annotation is said by listener and route; a redirect would be a filter of a route.";
    case "who may attach":
      return "No field limited it; allowedRoutes of the listener does.";
    case "behind the door":
      return "Said in another place.";
  }
}

function plainly(kind: Move["kind"]): string {
  switch (kind) {
    case "moved":
      return "The same, said in another field.";
    case "added":
      return "New: nothing said this before.";
    case "removed":
      return "Nothing says this any more.";
    default:
      return "Something else is so.";
  }
}

function isAnnotated(facts: readonly Fact[]): boolean {
  return facts.some(({ fields }) => fields.some(({ path }) => path[1] === "annotations"));
}

function saysMesh(facts: readonly Fact[]): boolean {
  return facts.some(({ fields }) => fields.some(({ path }) => path.includes("istio.io/dataplane-mode")));
}
