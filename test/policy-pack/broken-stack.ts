import type { StackResource } from "../../policy-pack/violations.ts";

const meta = (name: string) => ({ name, namespace: "shop" });

/** A program of somebody else's: its route's host name is not its listener's, and its Service's port is misnamed. */
export const brokenStack: readonly StackResource[] = [
  resource("gateway.networking.k8s.io/v1", "Gateway", "edge", {
    gatewayClassName: "istio",
    listeners: [{ name: "http", protocol: "HTTP", port: 80, hostname: "shop.example.com" }],
  }),
  resource("gateway.networking.k8s.io/v1", "HTTPRoute", "cart", {
    parentRefs: [{ name: "edge", sectionName: "http" }],
    hostnames: ["shop.example.org"],
    rules: [{ backendRefs: [{ name: "cart", port: 80 }] }],
  }),
  resource("core/v1", "Service", "cart", {
    selector: { app: "cart" },
    ports: [{ name: "https", port: 80, targetPort: 5678 }],
  }),
  resource("apps/v1", "Deployment", "cart", {
    selector: { matchLabels: { app: "cart" } },
    template: {
      metadata: { labels: { app: "cart" } },
      spec: {
        containers: [
          { name: "cart", image: "hashicorp/http-echo:1.0", ports: [{ name: "http", containerPort: 5678 }] },
        ],
      },
    },
  }),
];

function resource(group: string, kind: string, name: string, spec: object): StackResource {
  const type = `kubernetes:${group}:${kind}`;
  const apiVersion = group.replace(/^core\//, "");
  return {
    type,
    urn: `urn:pulumi:dev::shop::${type}::${name}`,
    props: { apiVersion, kind, metadata: meta(name), spec, status: {} },
  };
}
