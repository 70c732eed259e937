import type { ProbeRequest } from "../probe/model.ts";
import type { Attachment, Topology } from "../topology/model.ts";

/** How many sample requests are worth printing. */
const MOST = 30;

/** A request for each way in: one for each listener, route, hostname and first path that the manifests name. */
export function sampleRequests(topology: Topology): ProbeRequest[] {
  const requests = [...gatewayRequests(topology), ...ingressRequests(topology)];
  const seen = new Set<string>();
  return requests
    .filter((request) => {
      const key = JSON.stringify(request);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, MOST);
}

function gatewayRequests(topology: Topology): ProbeRequest[] {
  return topology.gateways.flatMap((gateway) =>
    gateway.listeners.flatMap((listener) => {
      const { port, protocol } = listener;
      if (typeof port !== "number" || !["HTTP", "HTTPS", "TLS"].includes(protocol)) return [];
      const scheme = protocol === "HTTP" ? "http" : "https";
      const name = `${gateway.namespace}/${gateway.name}`;
      return listener.attachments
        .filter(({ accepted }) => accepted)
        .flatMap((attachment) =>
          attachment.hostnames.flatMap((hostname) =>
            pathsOf(attachment).map((path): ProbeRequest => {
              return { scheme, port, host: exampleHost(hostname), path, gateway: name };
            }),
          ),
        );
    }),
  );
}

function pathsOf({ route }: Attachment): string[] {
  if (route.kind === "TLSRoute") return ["/"];
  return route.rules.flatMap((rule) => {
    const path = rule.matches.find((match) => match.path.type !== "RegularExpression")?.path.value;
    return path === undefined ? [] : [path];
  });
}

function ingressRequests(topology: Topology): ProbeRequest[] {
  return topology.ingresses.flatMap((ingress) => {
    const hosts = new Set(ingress.tls.flatMap((entry) => entry.hosts));
    return ingress.rules.flatMap(({ host, paths }) => {
      const isTls = host !== undefined && (hosts.has(host) || ingress.sslPassthrough);
      const [scheme, port] = isTls ? (["https", 443] as const) : (["http", 80] as const);
      return paths.map(({ path }): ProbeRequest => {
        return { scheme, port, host: exampleHost(host ?? "*"), path: path || "/", gateway: "ingress" };
      });
    });
  });
}

/** A host that a pattern matches. */
function exampleHost(hostname: string): string {
  if (hostname === "*") return "any.example.com";
  return hostname.startsWith("*.") ? `any${hostname.slice(1)}` : hostname;
}
