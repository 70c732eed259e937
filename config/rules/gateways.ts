import type { GatewaySpec } from "../derive/gateways.ts";
import { eachReadable, unlessUnreadable } from "../gaps.ts";
import type { Problem } from "../problem.ts";
import type { ListenerConfig, Prototype } from "../schema.ts";

const controllers: Readonly<Record<string, keyof Prototype["platform"]>> = {
  istio: "istio",
  nginx: "nginxGatewayFabric",
};

/** Rules of a Gateway and its listeners. */
export function gatewayProblems(prototype: Prototype, gateway: GatewaySpec): Problem[] {
  return unlessUnreadable(
    () => controllerProblems(prototype, gateway),
    () => serviceProblems(gateway),
    () =>
      eachReadable(gateway.listeners, (name, listener) =>
        listenerProblems([...gateway.path, "listeners", name], listener),
      ),
  );
}

function controllerProblems({ platform, cluster }: Prototype, gateway: GatewaySpec): Problem[] {
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
  return problems;
}

function serviceProblems(gateway: GatewaySpec): Problem[] {
  const { path } = gateway;
  const problems: Problem[] = [];
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
