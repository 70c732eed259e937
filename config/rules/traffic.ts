import { serviceNames, speaks } from "../derive/apps.ts";
import { type GatewaySpec, gatewayOfApp, gatewaysOf, listenersFor, saysNothingAboutHttp } from "../derive/gateways.ts";
import { didYouMean } from "../nearest.ts";
import type { Problem } from "../problem.ts";
import type { AnswerConfig, AppConfig, ListenerConfig, Prototype, RouteConfig } from "../schema.ts";

/** Rules of listeners, routes and Ingress rules. */
export function trafficProblems(prototype: Prototype): Problem[] {
  return [
    ...gatewaysOf(prototype).flatMap((gateway) => gatewayProblems(prototype, gateway)),
    ...Object.entries(prototype.apps).flatMap(([name, app]) => [
      ...ingressProblems(prototype, name, app),
      ...routeProblems(prototype, name, app),
    ]),
    ...sameHostAndPath(prototype),
    ...answerProblems(prototype),
  ];
}

const controllers: Readonly<Record<string, keyof Prototype["platform"]>> = {
  istio: "istio",
  nginx: "nginxGatewayFabric",
};

function gatewayProblems({ platform, cluster }: Prototype, gateway: GatewaySpec): Problem[] {
  const { path } = gateway;
  const problems: Problem[] = [];
  const controller = controllers[gateway.class];
  if (controller !== undefined && !platform[controller] && cluster.minikube) {
    problems.push({
      path: [...path, "class"],
      message: `GatewayClass ${gateway.class} has no controller here; add ${controller}: {} to learn:platform`,
    });
  }
  if (controller === undefined && cluster.minikube) {
    problems.push({
      path: [...path, "class"],
      message: `expected istio or nginx, the classes this program installs, got "${gateway.class}"`,
    });
  }
  if (!platform.gatewayApi) {
    problems.push({
      path: [...path],
      message: "is a Gateway, but learn:platform.gatewayApi is missing; add gatewayApi: {} there",
    });
  }
  if (gateway.portForward !== undefined && gateway.service !== "ClusterIP") {
    problems.push({
      path: [...path, "portForward"],
      message: "goes with service: ClusterIP; a LoadBalancer has an address of its own",
    });
  }
  if (gateway.service === "ClusterIP" && gateway.class !== "istio") {
    problems.push({
      path: [...path, "service"],
      message: `ClusterIP is told to Istio's class by an annotation; class ${gateway.class} knows none, use LoadBalancer`,
    });
  }
  if (Object.keys(gateway.listeners).length === 0) {
    problems.push({ path: [...path, "listeners"], message: "expected at least one listener, got none" });
  }
  for (const [name, listener] of Object.entries(gateway.listeners)) {
    problems.push(...listenerProblems([...path, "listeners", name], listener));
  }
  return problems;
}

/** Rules of the Gateway API's Listener type (gateway_types.go: tls and protocol go together). */
function listenerProblems(path: readonly string[], { protocol, tls, hostname }: ListenerConfig): Problem[] {
  const at = (...more: string[]) => [...path, ...more];
  if (protocol === "HTTP")
    return tls ? [{ path: at("tls"), message: "an HTTP listener takes no tls; use protocol HTTPS or TLS" }] : [];
  if (!tls) return [{ path: at("tls"), message: `missing; a listener of protocol ${protocol} needs tls: { mode: … }` }];
  if (protocol === "HTTPS" && tls.mode === "Passthrough") {
    return [
      {
        path: at("tls", "mode"),
        message: "expected Terminate because the protocol is HTTPS, got Passthrough; passthrough is protocol TLS",
      },
    ];
  }
  if (tls.mode === "Passthrough") {
    const ignored = (["issuer", "secret", "names", "ips", "duration"] as const).filter((key) => tls[key] !== undefined);
    return ignored.map((key) => ({
      path: at("tls", key),
      message: "has no meaning with Passthrough: the pod holds the certificate",
    }));
  }
  const problems: Problem[] = [];
  if ((tls.issuer === undefined) === (tls.secret === undefined)) {
    problems.push({
      path: at("tls"),
      message: `expected exactly one of issuer and secret, got ${tls.issuer ? "both" : "neither"}`,
    });
  }
  if (tls.issuer !== undefined && hostname === undefined && tls.names === undefined) {
    problems.push({
      path: at("hostname"),
      message: "missing; without hostname (or tls.names) nobody knows the name of the certificate",
    });
  }
  return problems;
}

function ingressProblems({ platform, cluster }: Prototype, name: string, app: AppConfig): Problem[] {
  if (!app.ingress) return [];
  const path = ["apps", name, "ingress"];
  const { tls, host } = app.ingress;
  const problems: Problem[] = [];
  if (!platform.ingressNginx && cluster.minikube) {
    problems.push({
      path,
      message: "is an Ingress, but learn:platform.ingressNginx is missing; add ingressNginx: {} there",
    });
  }
  if (tls && host === undefined) {
    problems.push({ path: [...path, "host"], message: "missing; TLS is chosen by the host's name" });
  }
  if (tls?.mode === "Terminate" && tls.issuer === undefined) {
    problems.push({ path: [...path, "tls", "issuer"], message: "missing; expected an entry of learn:issuers" });
  }
  if (tls?.mode === "Passthrough" && speaks(app) !== "https")
    problems.push(clearTextBehindPassthrough([...path, "tls", "mode"], name));
  return problems;
}

function clearTextBehindPassthrough(path: readonly string[], app: string): Problem {
  return {
    path,
    message: `Passthrough hands the client's TLS to the pod untouched, but ${app} speaks no TLS; use Terminate, or give the pod a certificate (nginx: { tls: { issuer: … } })`,
  };
}

function routeProblems(prototype: Prototype, name: string, app: AppConfig): Problem[] {
  if (!app.gateway) return [];
  const path = ["apps", name, "gateway"];
  const gateway = gatewayOfApp(prototype, name);
  if (!gateway) {
    const known = Object.keys(prototype.gateways);
    const got = app.gateway.parent ?? "";
    return [
      {
        path: [...path, "parent"],
        message: `expected an entry of learn:gateways (${known.join(", ") || "none is declared"}), got "${got}"${didYouMean(got, known)}`,
      },
    ];
  }
  return app.gateway.routes.flatMap((route, index) =>
    oneRoute(prototype, gateway, name, app, route, [...path, "routes", index]),
  );
}

function oneRoute(
  prototype: Prototype,
  gateway: GatewaySpec,
  name: string,
  app: AppConfig,
  route: RouteConfig,
  path: readonly (string | number)[],
): Problem[] {
  const problems: Problem[] = [];
  const known = Object.keys(gateway.listeners);
  if (route.path !== undefined && route.exact !== undefined) {
    problems.push({ path, message: "expected path or exact, got both" });
  }
  if (route.redirect && (route.service !== undefined || route.backends || route.rewrite)) {
    problems.push({
      path: [...path, "redirect"],
      message: "a redirect answers by itself; it goes without service, backends and rewrite",
    });
  }
  if (route.rewrite?.prefix !== undefined && route.path === undefined) {
    problems.push({
      path: [...path, "rewrite", "prefix"],
      message: "needs path beside it, the prefix that is replaced",
    });
  }
  const services = serviceNames(name, app);
  if (route.service !== undefined && !services.includes(route.service)) {
    problems.push({
      path: [...path, "service"],
      message: `expected a Service of ${name} (${services.join(", ")}), got "${route.service}"`,
    });
  }
  for (const [index, { app: other }] of (route.backends ?? []).entries()) {
    if (other in prototype.apps) continue;
    const apps = Object.keys(prototype.apps);
    problems.push({
      path: [...path, "backends", index, "app"],
      message: `expected an application of the stack, got "${other}"${didYouMean(other, apps)}`,
    });
  }
  const listeners = listenersFor(gateway, route);
  if (listeners.length === 0) {
    const message = `speaks of paths, methods or headers, but no listener of Gateway ${gateway.namespace}/${gateway.name} (${known.join(", ")}) opens the TLS; add one of protocol HTTP or HTTPS`;
    problems.push({ path, message });
  }
  for (const listenerName of listeners) {
    const listener = gateway.listeners[listenerName];
    if (!listener) {
      problems.push({
        path: [...path, "listener"],
        message: `expected a listener of Gateway ${gateway.namespace}/${gateway.name} (${known.join(", ")}), got "${listenerName}"${didYouMean(listenerName, known)}`,
      });
      continue;
    }
    if (listener.tls?.mode !== "Passthrough") continue;
    if (!saysNothingAboutHttp(route)) {
      problems.push({
        path,
        message: `speaks of paths, methods or headers, but listener ${listenerName} passes TLS through unread; only host names can be routed there`,
      });
    } else if (route.hostnames === undefined && listener.hostname === undefined) {
      problems.push({
        path: [...path, "hostnames"],
        message: `missing; listener ${listenerName} has no hostname, and a TLSRoute needs one`,
      });
    }
    const targets = route.backends?.map((backend) => backend.app) ?? [name];
    for (const target of targets) {
      const targetApp = prototype.apps[target];
      if (targetApp && speaks(targetApp) !== "https") {
        problems.push(clearTextBehindPassthrough([...gateway.path, "listeners", listenerName, "tls", "mode"], target));
      }
    }
  }
  return problems;
}

/** Two applications must not claim one host and path at one door: only one of them would ever answer. */
function sameHostAndPath(prototype: Prototype): Problem[] {
  const owner = new Map<string, string>();
  const problems: Problem[] = [];
  const claim = (key: string, name: string, path: readonly (string | number)[], words: string) => {
    const other = owner.get(key);
    if (other === undefined) owner.set(key, name);
    else if (other !== name)
      problems.push({
        path,
        message: `${words} is also claimed by application ${other}; only one of them would answer`,
      });
  };
  for (const [name, app] of Object.entries(prototype.apps)) {
    for (const path of app.ingress?.paths ?? []) {
      const host = app.ingress?.host ?? "*";
      claim(`ingress ${app.ingress?.class} ${host}${path}`, name, ["apps", name, "ingress"], `${host}${path}`);
    }
    const gateway = gatewayOfApp(prototype, name);
    if (!gateway) continue;
    for (const [index, route] of (app.gateway?.routes ?? []).entries()) {
      for (const listener of listenersFor(gateway, route)) {
        for (const host of route.hostnames ?? [gateway.listeners[listener]?.hostname ?? "*"]) {
          const match = JSON.stringify([
            route.exact ?? null,
            route.path ?? null,
            route.method ?? null,
            route.headers ?? null,
            route.query ?? null,
          ]);
          const words = `${host}${route.exact ?? route.path ?? "/"} on listener ${listener} of Gateway ${gateway.namespace}/${gateway.name}`;
          claim(
            `${gateway.namespace}/${gateway.name}/${listener} ${host} ${match}`,
            name,
            ["apps", name, "gateway", "routes", index],
            words,
          );
        }
      }
    }
  }
  return problems;
}

function answerProblems(prototype: Prototype): Problem[] {
  const gateways = gatewaysOf(prototype).map(({ name }) => name);
  const hasIngress = prototype.platform.ingressNginx !== undefined;
  const check = (answer: AnswerConfig, path: readonly (string | number)[], needsVia: boolean): Problem[] => {
    if (answer.via !== undefined && !gateways.includes(answer.via)) {
      return [
        {
          path: [...path, "via"],
          message: `expected a Gateway of the stack (${gateways.join(", ") || "there is none"}), got "${answer.via}"${didYouMean(answer.via, gateways)}`,
        },
      ];
    }
    if (answer.get !== undefined && needsVia && answer.via === undefined && !hasIngress) {
      return [
        {
          path: [...path, "via"],
          message: `missing; say which Gateway is asked (${gateways.join(", ") || "there is none"})`,
        },
      ];
    }
    return [];
  };
  return [
    ...prototype.answers.flatMap((answer, index) => check(answer, ["answers", index], true)),
    ...Object.entries(prototype.apps).flatMap(([name, app]) =>
      app.answers.flatMap((answer, index) => check(answer, ["apps", name, "answers", index], false)),
    ),
  ];
}
