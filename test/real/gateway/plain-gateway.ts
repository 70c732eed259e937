import type { KubeObject } from "../../../lab/manifests/object.ts";

/** A Gateway of istiod with one HTTP listener at port 80, for routes of any host; it takes no address of the pool. */
export function plainGateway(namespace: string, name: string): KubeObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name, namespace, annotations: { "networking.istio.io/service-type": "ClusterIP" } },
    spec: { gatewayClassName: "istio", listeners: [{ name: "http", protocol: "HTTP", port: 80 }] },
  };
}
