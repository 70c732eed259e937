import { z } from "../zod.ts";
import { leafFields } from "./pki.ts";
import { appGateway, ingress } from "./traffic.ts";
import { dnsLabel, labels, namespacedName, port, quantity, urlPath } from "./words.ts";

const statusCode = z.int().min(100).max(599);

/** A request and what must come back. Everything is checked over a verified chain; nothing is ever made with `-k`. */
export const probe = z.strictObject({
  get: z
    .url({ protocol: /^https?$/, error: "an http:// or https:// URL" })
    .describe("the URL as a client would type it"),
  method: z.string().optional().describe("default GET"),
  headers: labels.optional(),
  sni: z.string().optional().describe("server name of the TLS handshake; default: the URL's host"),
  via: dnsLabel.optional().describe("gateway to connect to; default: the application's own"),
  status: statusCode.optional().describe("default 200; 404 and the like make a negative answer"),
  body: z.string().optional().describe("the whole body, but for white space at its ends"),
  contains: z.string().optional().describe("a part of the body"),
  redirectTo: z.string().optional().describe("the Location header"),
  refused: z.literal(true).optional().describe("the TLS handshake or the connection must fail"),
});

/** Something a prototype claims that is no HTTP answer. */
export const claim = z.strictObject({
  certificate: namespacedName.optional().describe("Secret whose certificate is looked at"),
  issuedBy: z.string().optional().describe("common name of the authority that signed it"),
  secret: namespacedName.optional().describe("Secret read back through the API"),
  key: z.string().optional(),
  value: z.string().optional(),
  etcd: urlPath.optional().describe("key in etcd whose raw value is looked at"),
  startsWith: z.string().optional(),
  vault: z.string().optional().describe("path of a KV v2 secret read back over verified HTTPS"),
  fields: z.array(z.string()).optional(),
});

export const answer = z
  .strictObject({ ...probe.partial().shape, ...claim.shape })
  .describe("exactly one of get, certificate, secret, etcd and vault, with what must be seen");

export const mount = z
  .strictObject({
    path: urlPath.describe("where it is mounted in the container"),
    claim: quantity.optional().describe("size of a PersistentVolumeClaim"),
    secret: dnsLabel.optional().describe("a Secret of learn:secrets"),
  })
  .describe("exactly one of claim and secret");

const image = z.strictObject({
  name: z.string().min(1).describe("image reference with a version"),
  port: port.describe("port the container listens on"),
  protocol: z.enum(["http", "https", "h2c", "tcp"]).default("http").describe("what it speaks there"),
  args: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  env: labels.optional(),
  tls: z
    .strictObject({ ...leafFields, path: urlPath.default("/etc/tls") })
    .optional()
    .describe("https: a certificate mounted into the pod"),
});

export const app = z
  .strictObject({
    namespace: dnsLabel.optional().describe("default: the application's name"),
    echo: z.string().min(1).optional().describe("hashicorp/http-echo that answers this text"),
    nginx: z
      .strictObject({ tls: z.strictObject(leafFields).optional().describe("the pod holds this certificate itself") })
      .optional()
      .describe("nginx with its welcome page"),
    bookinfo: z.strictObject({}).optional().describe("Istio's Bookinfo: productpage, details, ratings, reviews v1–v3"),
    cafe: z.strictObject({}).optional().describe("NGINX's cafe: coffee, a page that tells its own address"),
    image: image.optional().describe("any image of yours"),
    replicas: z.int().min(1).max(20).optional(),
    mesh: z
      .enum(["ambient", "none"])
      .default("none")
      .describe("ambient: the namespace's pods speak mTLS through ztunnel"),
    waypoint: z.boolean().default(false).describe("an L7 waypoint proxy for the namespace (ambient only)"),
    service: z
      .strictObject({
        name: dnsLabel.optional().describe("default <app>-svc"),
        port: port.optional(),
        targetPort: z.union([port, z.string()]).optional().describe("default: the container's port"),
        portName: dnsLabel.optional().describe("default: what the container speaks"),
      })
      .optional(),
    mounts: z.array(mount).default([]),
    ingress: ingress.optional(),
    gateway: appGateway.optional(),
    answers: z.array(answer).default([]),
  })
  .describe("an application: exactly one of echo, nginx, bookinfo, cafe and image");

export const secret = z.strictObject({
  namespace: dnsLabel.default("default"),
  data: labels.describe("lesson material in clear; never put a real secret here"),
});
