import { fieldsAt } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { At } from "./changes.ts";

const GATEWAY_API = "gateway.networking.k8s.io/v1";

export const gateway = (namespace: string, name: string): At => [GATEWAY_API, "Gateway", namespace, name];
export const httpRoute = (namespace: string, name: string): At => [GATEWAY_API, "HTTPRoute", namespace, name];
export const tlsRoute = (namespace: string, name: string): At => [GATEWAY_API, "TLSRoute", namespace, name];
export const service = (namespace: string, name: string): At => ["v1", "Service", namespace, name];
export const secret = (namespace: string, name: string): At => ["v1", "Secret", namespace, name];

/** A Gateway of class istio with one HTTP listener. */
export function aGateway(namespace: string, name: string, spec: object = {}): KubeObject {
  return {
    apiVersion: GATEWAY_API,
    kind: "Gateway",
    metadata: { name, namespace },
    spec: { gatewayClassName: "istio", listeners: [{ name: "http", port: 80, protocol: "HTTP" }], ...spec },
  };
}

/** A route of one rule. */
export function aRoute(
  kind: "HTTPRoute" | "TLSRoute",
  namespace: string,
  name: string,
  parentRef: object,
  backendRef: object,
  spec: object = {},
): KubeObject {
  return {
    apiVersion: GATEWAY_API,
    kind,
    metadata: { name, namespace },
    spec: { parentRefs: [parentRef], rules: [{ backendRefs: [backendRef] }], ...spec },
  };
}

/** A Deployment of one pod and its Service. */
export function anApp(namespace: string, name: string, container: object = {}): KubeObject[] {
  const labels = { app: name };
  const image = { name, image: "hashicorp/http-echo", ports: [{ containerPort: 5678 }], ...container };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [image] } } },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 5678 }] },
    },
  ];
}

/** Puts fields into an object's spec. */
export function withSpec(fields: object) {
  return (object: KubeObject): void => {
    object.spec = { ...fieldsAt(object, "spec"), ...fields };
  };
}
