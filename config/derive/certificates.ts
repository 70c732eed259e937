import type { AppConfig, ListenerConfig, Prototype } from "../schema.ts";
import { namespaceOf } from "./apps.ts";
import { type GatewaySpec, gatewayOfApp, gatewaysOf, listenersFor } from "./gateways.ts";
import { once } from "./once.ts";

/** A leaf certificate that follows from a listener, an Ingress, a pod, or stands by itself in learn:certificates. */
export interface LeafSpec {
  readonly name: string;
  readonly namespace: string;
  /** kubernetes.io/tls Secret that holds chain and key. */
  readonly secret: string;
  /** Name of the entry of learn:issuers that signs. */
  readonly issuer: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Lifetime, such as 2160h. */
  readonly duration: string;
  /** The application that needs it, if it is one's own. */
  readonly app?: string;
}

/** 90 days, renewed after 60: short enough to see a renewal matter, long enough for a holiday. */
export const defaultLeafDuration = "2160h";

/** Every leaf certificate of a stack. */
export const leavesOf = once((prototype: Prototype): readonly LeafSpec[] => {
  return [
    ...Object.entries(prototype.certificates).map(([name, certificate]) =>
      leaf({
        name,
        namespace: certificate.namespace,
        secret: certificate.secret ?? `${name}-tls`,
        issuer: certificate.issuer,
        names: certificate.names,
        ips: certificate.ips,
        duration: certificate.duration,
      }),
    ),
    ...gatewaysOf(prototype).flatMap(gatewayLeaves),
    ...Object.keys(prototype.apps).flatMap((name) => appLeaves(prototype, name)),
  ];
});

/** The issuers of the certificates that are for a DNS name, wildcards by their own text. */
export const issuersByName = once((prototype: Prototype): ReadonlyMap<string, ReadonlySet<string>> => {
  const issuers = new Map<string, Set<string>>();
  for (const { dnsNames, issuer } of leavesOf(prototype)) {
    for (const name of dnsNames) issuers.set(name, (issuers.get(name) ?? new Set()).add(issuer));
  }
  return issuers;
});

/** The Secret a terminating listener refers to: its own name, or the one its issuer's certificate is put into. */
export function listenerSecret(
  gateway: GatewaySpec,
  listener: string,
): { namespace: string; name: string } | undefined {
  const tls = gateway.listeners[listener]?.tls;
  if (tls?.mode !== "Terminate") return undefined;
  if (tls.secret === undefined)
    return { namespace: gateway.namespace, name: listenerCertificateName(gateway, listener) };
  const [first = "", second] = tls.secret.split("/");
  return second === undefined ? { namespace: gateway.namespace, name: first } : { namespace: first, name: second };
}

/** The certificate an application's pod holds itself: its name and Secret. */
export function podCertificate(name: string, app: AppConfig): { name: string; secret: string } | undefined {
  return app.nginx?.tls?.issuer !== undefined || app.image?.tls?.issuer !== undefined
    ? { name: `${name}-tls`, secret: `${name}-tls` }
    : undefined;
}

/** The certificate ingress-nginx ends TLS with for an application. */
export function ingressCertificate(name: string): { name: string; secret: string } {
  return { name: `${name}-tls`, secret: `${name}-tls` };
}

function listenerCertificateName({ name, path }: GatewaySpec, listener: string): string {
  const owner = path[0] === "apps" ? (path[1] ?? name) : name;
  return `${owner}-${listener}-tls`;
}

function gatewayLeaves(gateway: GatewaySpec): LeafSpec[] {
  return Object.entries(gateway.listeners).flatMap(([listener, { hostname, tls }]) => {
    if (tls?.mode !== "Terminate" || tls.issuer === undefined) return [];
    const name = listenerCertificateName(gateway, listener);
    return [
      leaf({
        ...tls,
        name,
        namespace: gateway.namespace,
        secret: name,
        issuer: tls.issuer,
        names: [...hostOf(hostname), ...(tls.names ?? [])],
      }),
    ];
  });
}

function appLeaves(prototype: Prototype, name: string): LeafSpec[] {
  const app = prototype.apps[name];
  if (!app) return [];
  const namespace = namespaceOf(name, app);
  const leaves: LeafSpec[] = [];
  const ingressTls = app.ingress?.tls;
  if (ingressTls?.mode === "Terminate" && ingressTls.issuer !== undefined) {
    const names = [...hostOf(app.ingress?.host), ...(ingressTls.names ?? [])];
    leaves.push({
      ...leaf({ ...ingressTls, ...ingressCertificate(name), namespace, issuer: ingressTls.issuer, names }),
      app: name,
    });
  }
  const pod = podCertificate(name, app);
  const podTls = app.nginx?.tls ?? app.image?.tls;
  if (pod && podTls?.issuer !== undefined) {
    const names = [...passthroughHosts(prototype, name), ...(podTls.names ?? [])];
    leaves.push({ ...leaf({ ...podTls, ...pod, namespace, issuer: podTls.issuer, names }), app: name });
  }
  return leaves;
}

/** Hosts whose TLS arrives at the pod unopened. */
function passthroughHosts(prototype: Prototype, name: string): string[] {
  const app = prototype.apps[name];
  const gateway = gatewayOfApp(prototype, name);
  const viaGateway = (app?.gateway?.routes ?? []).flatMap((route) =>
    gateway
      ? listenersFor(gateway, route)
          .map((listener) => gateway.listeners[listener])
          .filter((listener): listener is ListenerConfig => listener?.tls?.mode === "Passthrough")
          .flatMap((listener) => route.hostnames ?? hostOf(listener.hostname))
      : [],
  );
  return [...viaGateway, ...(app?.ingress?.tls?.mode === "Passthrough" ? hostOf(app.ingress.host) : [])];
}

function hostOf(hostname: string | undefined): string[] {
  return hostname === undefined ? [] : [hostname];
}

interface LeafInput {
  readonly name: string;
  readonly namespace: string;
  readonly secret: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly ips?: readonly string[] | undefined;
  readonly duration?: string | undefined;
}

function leaf({
  name,
  namespace,
  secret,
  issuer,
  names,
  ips = [],
  duration = defaultLeafDuration,
}: LeafInput): LeafSpec {
  return { name, namespace, secret, issuer, dnsNames: [...new Set(names)], ipAddresses: [...ips], duration };
}
