import { fields, list } from "../../manifests/fields.ts";
import { formatRef, type Ref } from "../../manifests/object.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { precedes } from "../../topology/listener-precedence.ts";
import type { Listener, OfObject, Topology } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";

const MAX_LISTENERS = 64;
const PLAIN_PROTOCOLS = ["HTTP", "TCP", "UDP"];
const HOST_PROTOCOLS = ["HTTP", "HTTPS", "TLS"];

/** W2–W9: what a Gateway's listeners must keep, each by itself and beside each other. */
export function listeners({ gateways, listenerSets }: Topology): Finding[] {
  const findings = [...gateways, ...listenerSets].flatMap((owner) => {
    const own = owner.listeners.filter((listener) => listener.owner.ref.kind === owner.ref.kind);
    return [...own.flatMap((l) => oneListener(l)), ...listenerCount(owner), ...uniqueNames(owner.ref, own)];
  });
  return [...findings, ...gateways.flatMap(({ listeners }) => distinct(listeners)), ...gateways.flatMap(name)];
}

function name({ ref }: OfObject): Finding[] {
  if (ref.name.length <= 63) return [];
  const message = `the name has ${ref.name.length} characters; the Service and Deployment that controllers name after the Gateway may have 63`;
  return [warning("W9", { from: ref, to: null, message, fix: "shorten metadata.name to 63 characters or fewer" })];
}

function listenerCount({ ref, sourced }: OfObject): Finding[] {
  const { listeners } = fields(sourced.object.spec);
  const count = list(listeners).length;
  const counted = Array.isArray(listeners) || (listeners === undefined && ref.kind === "Gateway");
  if (!counted || (count >= 1 && count <= MAX_LISTENERS)) return [];
  const message = `has ${count} listeners; a ${ref.kind} has 1 to ${MAX_LISTENERS}`;
  const fix = count === 0 ? "add a listener under spec.listeners" : "split it into several Gateways";
  return [error("W9", { from: ref, to: null, message, fix, path: "/spec/listeners" })];
}

function oneListener(listener: Listener): Finding[] {
  const { protocol, tls, port, raw, index } = listener;
  const from = listener.owner.ref;
  const path = (field: string) => `/spec/listeners/${index}${field}`;
  const found = (rule: string, field: string, message: string, fix: string): Finding =>
    error(rule, { from, to: null, message: `listener ${listener.name} ${message}`, fix, path: path(field) });
  const findings: Finding[] = [];
  if (typeof port === "number" && (!Number.isInteger(port) || port < 1 || port > 65535)) {
    findings.push(found("W9", "/port", `has port ${port}; a port is 1 to 65535`, "set a port from 1 to 65535"));
  }
  if (PLAIN_PROTOCOLS.includes(protocol) && tls !== undefined) {
    const mended = protocol === "HTTP" ? "HTTPS" : "TLS";
    findings.push(
      found("W4", "/tls", `has a tls block, but its protocol is ${protocol}`, `remove tls, or set protocol: ${mended}`),
    );
  }
  if ((protocol === "TCP" || protocol === "UDP") && typeof raw.hostname === "string" && raw.hostname !== "") {
    const message = `has hostname ${raw.hostname}, but ${protocol} carries no hostname`;
    findings.push(found("W7", "/hostname", message, "remove hostname"));
  }
  if (protocol === "HTTPS" && tls !== undefined && tls.mode !== "Terminate" && !isUnknown(tls.mode)) {
    const message = `has protocol HTTPS with tls.mode ${tls.mode}; HTTPS is always ended at the gateway`;
    const fix =
      tls.mode === "Passthrough" ? "set protocol: TLS for passthrough, or remove tls.mode" : "remove tls.mode";
    findings.push(found("W5", "/tls/mode", message, fix));
  }
  if (protocol === "TLS" && !tls?.modeGiven) {
    const message = "has protocol TLS without tls.mode";
    findings.push(found("W6", "/tls/mode", message, "add tls: { mode: Terminate } or tls: { mode: Passthrough }"));
  } else if (protocol === "HTTPS" || protocol === "TLS") {
    findings.push(...certificatesGiven(listener, found));
  }
  return findings;
}

/** W8, for listeners that may have certificates. */
function certificatesGiven(
  listener: Listener,
  found: (rule: string, field: string, message: string, fix: string) => Finding,
): Finding[] {
  const { tls, protocol, index } = listener;
  if (isUnknown(listener.raw.tls) || isUnknown(fields(listener.raw.tls).certificateRefs)) return [];
  if (tls === undefined || tls.mode === "Terminate") {
    if (tls !== undefined && (tls.certificates.length > 0 || Object.keys(tls.options).length > 0)) return [];
    const message = `ends TLS (${protocol}) without a certificate: no tls.certificateRefs`;
    return [found("W8", "/tls", message, "add tls: { certificateRefs: [{ name: <TLS Secret> }] }")];
  }
  if (tls.mode !== "Passthrough" || tls.certificates.length === 0 || protocol !== "TLS") return [];
  const message = `listener ${listener.name} passes TLS through, so its certificateRefs are ignored`;
  const fix = "remove tls.certificateRefs; the backend holds the certificate";
  const path = `/spec/listeners/${index}/tls/certificateRefs`;
  return [warning("W8", { from: listener.owner.ref, to: null, message, fix, path })];
}

function uniqueNames(from: Ref, own: readonly Listener[]): Finding[] {
  const seen = new Set<string>();
  return own.flatMap(({ name, index }) => {
    if (name === "" || isUnknown(name)) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `two listeners are named ${name}; routes find listeners by name (sectionName)`;
    return [
      error("W2", {
        from,
        to: null,
        message,
        fix: "give each listener its own name",
        path: `/spec/listeners/${index}/name`,
      }),
    ];
  });
}

/**
 * W3: a request must belong to exactly one listener: port and hostname tell HTTP, HTTPS and TLS listeners apart, the
 * port alone TCP and UDP ones, and TCP shares its port with none of them.
 */
function distinct(all: readonly Listener[]): Finding[] {
  const first = new Map<string, Listener>();
  const onPort = new Map<number, Listener>();
  const tcp = new Map<number, Listener>();
  return all.flatMap((listener) => {
    const { protocol, port, hostname } = listener;
    if (typeof port !== "number" || isUnknown(listener.raw.hostname)) return [];
    const isHost = HOST_PROTOCOLS.includes(protocol);
    if (!isHost && protocol !== "TCP" && protocol !== "UDP") return [];
    const key = isHost ? `${port} ${hostname ?? ""}` : `${protocol} ${port}`;
    const before = first.get(key);
    if (before !== undefined) {
      const host = isHost ? ` and ${hostname === undefined ? "have no hostname" : `hostname ${hostname}`}` : "";
      const what = isHost ? `share port ${port}${host}` : `share ${protocol} port ${port}`;
      const fix = isHost ? "give one of them another port or hostname" : "give one of them another port";
      return [conflict(before, listener, what, fix)];
    }
    first.set(key, listener);
    const other = isHost ? tcp.get(port) : protocol === "TCP" ? onPort.get(port) : undefined;
    if (isHost && !onPort.has(port)) onPort.set(port, listener);
    if (protocol === "TCP") tcp.set(port, listener);
    if (other === undefined) return [];
    const what = `(${other.protocol} and ${protocol}) share port ${port}, which a TCP listener must have alone`;
    return [conflict(other, listener, what, "move the TCP listener to another port")];
  });
}

/** Within one object both are refused; of a Gateway and its ListenerSets the one that comes first stays. */
function conflict(a: Listener, b: Listener, what: string, fix: string): Finding {
  const from = b.owner.ref;
  if (!precedes(a, b) && !precedes(b, a)) {
    const message = `listeners ${a.name} and ${b.name} ${what}: both are refused as Conflicted`;
    return error("W3", { from, to: null, message, fix });
  }
  const [stays, refused] = precedes(a, b) ? [a, b] : [b, a];
  const message = `its listener ${refused.name} and listener ${stays.name} of ${formatRef(stays.owner.ref)} ${what}: the former is refused as Conflicted`;
  return error("W3", { from: refused.owner.ref, to: stays.owner.ref, message, fix });
}
