import { ANY_HOST, intersectHostnames } from "../../topology/hostnames.ts";
import type { Gateway, Listener, Topology } from "../../topology/model.ts";
import { type Finding, warning } from "../finding.ts";

/**
 * W10: TLS listeners on one port that a browser can confuse. With overlapping hostnames or one certificate it reuses a
 * connection (HTTP/2 coalescing) and asks the wrong listener, which answers 404 or 421. Also modes and protocols that
 * controllers do not serve on one port.
 * @see the Gateway API's condition OverlappingTLSConfig; GEP-3567
 */
export function listenerTls({ gateways }: Topology): Finding[] {
  return gateways.flatMap((gateway) => [...byPort(gateway)].flatMap(([port, group]) => pairs(gateway, port, group)));
}

function byPort(gateway: Gateway): Map<number, Listener[]> {
  const ports = new Map<number, Listener[]>();
  for (const listener of gateway.listeners) {
    const { protocol, port } = listener;
    if (!["HTTP", "HTTPS", "TLS"].includes(protocol) || typeof port !== "number") continue;
    ports.set(port, [...(ports.get(port) ?? []), listener]);
  }
  return ports;
}

/** At most 64 listeners to a Gateway, so that looking at pairs is cheap. */
function pairs({ ref }: Gateway, port: number, group: readonly Listener[]): Finding[] {
  const findings: Finding[] = [];
  for (const [i, a] of group.entries()) {
    for (const b of group.slice(i + 1)) {
      const problem = doubtful(a, b);
      if (problem === undefined) continue;
      const message = `listeners ${a.name} and ${b.name} on port ${port} ${problem.message}`;
      findings.push(warning("W10", { from: ref, to: null, message, fix: problem.fix }));
    }
  }
  return findings;
}

function doubtful(a: Listener, b: Listener): { message: string; fix: string } | undefined {
  const [hostA, hostB] = [a.hostname ?? ANY_HOST, b.hostname ?? ANY_HOST];
  if (a.protocol === "HTTP" || b.protocol === "HTTP") {
    if (a.protocol === b.protocol || hostA === hostB) return undefined;
    return {
      message: `mix ${a.protocol} and ${b.protocol}: controllers refuse both (ProtocolConflict)`,
      fix: "give one of them another port",
    };
  }
  const [modeA, modeB] = [a.tls?.mode ?? "Terminate", b.tls?.mode ?? "Terminate"];
  if (modeA !== modeB) {
    return {
      message: `mix ${modeA} and ${modeB}: controllers that cannot do both on one port refuse them (ProtocolConflict)`,
      fix: "give the passthrough listener another port, or a Gateway of its own",
    };
  }
  // Equal hostnames are a conflict (W3), not a doubt.
  if (hostA === hostB) return undefined;
  if (intersectHostnames(hostA, hostB) !== undefined) {
    return {
      message: `have overlapping hostnames (${hostA}, ${hostB}): a browser that reuses a connection is answered by the wrong one`,
      fix: "make the hostnames disjoint, or use one listener for both",
    };
  }
  const shared = a.tls?.certificates.find(({ namespace, name }) =>
    b.tls?.certificates.some((other) => other.namespace === namespace && other.name === name),
  );
  if (shared === undefined || modeA !== "Terminate") return undefined;
  return {
    message: `share the certificate of Secret ${shared.namespace}/${shared.name}: a browser reuses the connection to one for the other and gets 404`,
    fix: "give each listener a certificate of its own",
  };
}
