import * as pulumi from "@pulumi/pulumi";
import { issuersByName } from "../../config/derive/certificates.ts";
import { type GatewaySpec, gatewayOfApp, gatewaysOf } from "../../config/derive/gateways.ts";
import type { AnswerConfig, Prototype } from "../../config/schema.ts";
import type { Traffic } from "../traffic/traffic.ts";

/** One request that a stack promises an answer to, and where to send it: what `verify` and a learner's curl go by. */
export interface Endpoint {
  readonly app?: string;
  readonly url: string;
  /** `namespace/name` of the Gateway that is asked; absent for an Ingress. */
  readonly gateway?: string;
  /** Address to connect to; absent where nobody gives addresses. */
  readonly address: pulumi.Output<string | undefined>;
  /** A local port that `kubectl port-forward` opens to the gateway's Service. */
  readonly portForward?: {
    readonly namespace: string;
    readonly service: string;
    readonly port: number;
    readonly localPort: number;
  };
  /** Entries of learn:issuers whose authority an https URL is trusted by. */
  readonly trust: readonly string[];
  readonly expect: Omit<AnswerConfig, "get" | "via">;
}

/** Every `get` answer of a stack as an endpoint. */
export function endpointsOf(prototype: Prototype, traffic: Traffic): Endpoint[] {
  const common = prototype.answers.flatMap((answer) => endpoint(prototype, traffic, undefined, answer));
  const ofApps = Object.entries(prototype.apps).flatMap(([app, { answers }]) =>
    answers.flatMap((answer) => endpoint(prototype, traffic, app, answer)),
  );
  return [...ofApps, ...common];
}

function endpoint(prototype: Prototype, traffic: Traffic, app: string | undefined, answer: AnswerConfig): Endpoint[] {
  const { get, via, ...expect } = answer;
  if (get === undefined) return [];
  const gateway = gatewayAsked(prototype, app, via);
  return [
    {
      ...(app === undefined ? {} : { app }),
      url: get,
      ...(gateway ? { gateway: `${gateway.namespace}/${gateway.name}` } : {}),
      address: gateway ? gatewayAddress(traffic, gateway) : anyIngressAddress(traffic, app),
      ...(gateway?.portForward === undefined ? {} : { portForward: portForward(gateway, gateway.portForward) }),
      trust: trusted(prototype, new URL(get)),
      expect,
    },
  ];
}

/** The authorities behind the certificate of a host; all of the stack's where no certificate is for it. */
function trusted(prototype: Prototype, { protocol, hostname }: URL): string[] {
  if (protocol !== "https:") return [];
  const byName = issuersByName(prototype);
  const found = byName.get(hostname) ?? byName.get(hostname.replace(/^[^.]+/, "*"));
  return found ? [...found] : Object.keys(prototype.issuers);
}

function gatewayAsked(prototype: Prototype, app: string | undefined, via: string | undefined): GatewaySpec | undefined {
  if (via !== undefined) return gatewaysOf(prototype).find(({ name }) => name === via);
  return app === undefined ? undefined : gatewayOfApp(prototype, app);
}

function gatewayAddress(traffic: Traffic, { namespace, name }: GatewaySpec) {
  return traffic.gatewayAddresses[`${namespace}/${name}`] ?? pulumi.output(undefined);
}

/** One controller serves every Ingress, so any Ingress knows the address. */
function anyIngressAddress(traffic: Traffic, app: string | undefined) {
  const own = app === undefined ? undefined : traffic.ingressAddresses[app];
  return own ?? Object.values(traffic.ingressAddresses)[0] ?? pulumi.output(undefined);
}

/** Istio calls the Service of a Gateway `<gateway>-<class>`. */
function portForward(gateway: GatewaySpec, localPort: number) {
  const port = Object.values(gateway.listeners)[0]?.port ?? 80;
  return { namespace: gateway.namespace, service: `${gateway.name}-${gateway.class}`, port, localPort };
}
