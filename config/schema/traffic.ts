import { z } from "../zod.ts";
import { leafFields } from "./pki.ts";
import { dnsLabel, hostname, ipAddress, labels, port, urlPath } from "./words.ts";

const listenerTls = z.strictObject({
  mode: z.enum(["Terminate", "Passthrough"]),
  ...leafFields,
  secret: z
    .string()
    .min(1)
    .optional()
    .describe("Terminate: an existing Secret (name, or namespace/name) instead of an issuer"),
});

export const listener = z.strictObject({
  protocol: z.enum(["HTTP", "HTTPS", "TLS"]),
  port,
  hostname: hostname.optional(),
  tls: listenerTls.optional(),
  allowedRoutes: z
    .union([z.enum(["Same", "All"]), z.strictObject({ selector: labels })], "Same, All or { selector: labels }")
    .optional()
    .describe("namespaces whose routes may attach; default Same"),
});

const headerEdit = z.strictObject({
  set: labels.optional(),
  add: labels.optional(),
  remove: z.array(z.string()).optional(),
});

export const backend = z.strictObject({
  app: dnsLabel.describe("another application of the stack; its namespace needs no grant of yours, it is derived"),
  weight: z.int().min(0).max(1000000).default(1),
});

export const route = z.strictObject({
  listener: z
    .union([z.string(), z.array(z.string()).min(1)], "the name of a listener, or a list of them")
    .optional()
    .describe("listener(s) to attach to; default: every listener that can carry the route"),
  hostnames: z.array(hostname).optional().describe("default: the listener's own"),
  path: urlPath.optional().describe("PathPrefix, by segment"),
  exact: urlPath.optional().describe("Exact path"),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]).optional(),
  headers: labels.optional().describe("headers that must be there with exactly this value"),
  query: labels.optional().describe("query parameters that must be there with exactly this value"),
  service: dnsLabel.optional().describe("a Service of the application; default: its main one"),
  backends: z.array(backend).min(1).optional().describe("weighted applications instead of the own one"),
  redirect: z
    .strictObject({
      scheme: z.enum(["http", "https"]).optional(),
      hostname: hostname.optional(),
      port: port.optional(),
      path: urlPath.optional(),
      status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]).default(302),
    })
    .optional(),
  rewrite: z
    .strictObject({ hostname: hostname.optional(), path: urlPath.optional(), prefix: urlPath.optional() })
    .optional()
    .describe("path: the whole path; prefix: instead of the matched prefix"),
  requestHeaders: headerEdit.optional(),
  responseHeaders: headerEdit.optional(),
});

const gatewayFields = {
  class: z.string().min(1).optional().describe("GatewayClass; default: that of the installed controller"),
  service: z
    .enum(["LoadBalancer", "ClusterIP"])
    .default("LoadBalancer")
    .describe("type of the Service in front of the gateway's proxy"),
  portForward: port.optional().describe("ClusterIP: local port for kubectl port-forward"),
  address: ipAddress.optional().describe("a fixed address out of the pool"),
};

export const sharedGateway = z
  .strictObject({
    namespace: dnsLabel.optional().describe("default: the gateway's name"),
    ...gatewayFields,
    listeners: z.record(dnsLabel, listener),
  })
  .describe("a Gateway of its own that several applications attach to");

export const appGateway = z
  .strictObject({
    ...gatewayFields,
    listeners: z.record(dnsLabel, listener).optional().describe("a Gateway of the application's own"),
    parent: dnsLabel.optional().describe("a Gateway of learn:gateways instead of an own one"),
    routes: z.array(route).default([]),
  })
  .describe("exactly one of listeners (an own Gateway) and parent (a shared one)");

export const ingress = z.strictObject({
  class: z.string().min(1).default("nginx"),
  host: hostname.optional().describe("without it the rule holds for any host"),
  paths: z.array(urlPath).min(1).default(["/"]).describe("pathType Prefix"),
  tls: z
    .strictObject({ mode: z.enum(["Terminate", "Passthrough"]), ...leafFields })
    .optional()
    .describe("Passthrough: the pod holds the certificate, ingress-nginx only looks at the SNI"),
  annotations: labels.optional(),
});
