import { precedes } from "../../topology/listener-precedence.ts";
import type { CertificateRef, Gateway, Listener } from "../../topology/model.ts";

/**
 * Why a listener does not serve, or undefined. Sources: GatewaySpec.listeners ("Handling indistinct Listeners"),
 * Listener.tls and the listener condition reasons of apis/v1/gateway_types.go.
 */
export function refusalOf(listener: Listener, gateway: Gateway): string | undefined {
  const { protocol, tls, port } = listener;
  if (typeof port !== "number" || port < 1 || port > 65535) return "its port is not a number from 1 to 65535";
  if (!["HTTP", "HTTPS", "TLS"].includes(protocol)) {
    return `UnsupportedProtocol: ${protocol || "no protocol"} is not served here, only HTTP, HTTPS and TLS`;
  }
  const rival = gateway.listeners.find((other) => conflicts(listener, other) && !precedes(listener, other));
  if (rival !== undefined) return conflictReason(listener, rival);
  if (protocol === "HTTP") return tls === undefined ? undefined : "Invalid: tls must not be set for protocol HTTP";
  if (tls === undefined) return `Invalid: protocol ${protocol} needs tls`;
  if (protocol === "HTTPS" && tls.mode !== "Terminate") return `Invalid: tls.mode ${tls.mode} with protocol HTTPS`;
  if (tls.mode === "Passthrough") return undefined;
  if (tls.mode !== "Terminate") return `Invalid: tls.mode ${tls.mode} is neither Terminate nor Passthrough`;
  if (tls.certificates.length === 0) return "Invalid: tls.mode Terminate without certificateRefs";
  const bad = tls.certificates.map(certificateRefusal);
  return bad.every((reason) => reason !== undefined) ? bad[0] : undefined;
}

/**
 * Why a certificateRef can never be served. A Secret that is merely not in the set is no reason here: whoever provides
 * certificates may make it.
 */
export function certificateRefusal(ref: CertificateRef): string | undefined {
  const { reason, detail, secret } = ref.resolution;
  if (reason === undefined) return undefined;
  const isSecret = (ref.group === "" || ref.group === "core") && ref.kind === "Secret";
  if (reason === "InvalidCertificateRef" && isSecret && secret === undefined) return undefined;
  return `${reason}: ${detail}`;
}

/** HTTP, HTTPS and TLS listeners are distinct by port and hostname; clear text and TLS cannot share a port, nor can TCP. */
function conflicts(a: Listener, b: Listener): boolean {
  if (a.port !== b.port) return false;
  if (a.protocol === "UDP" || b.protocol === "UDP") return a.protocol === b.protocol;
  return a.protocol === "TCP" || b.protocol === "TCP" || isClear(a) !== isClear(b) || a.hostname === b.hostname;
}

function conflictReason(listener: Listener, rival: Listener): string {
  const same = listener.protocol === rival.protocol;
  const what = `${rival.name} has the same port${same ? " and hostname" : `, with protocol ${rival.protocol}`}`;
  return `${same ? "HostnameConflict" : "ProtocolConflict"}: listener ${what}`;
}

function isClear(listener: Listener): boolean {
  return listener.protocol === "HTTP";
}
