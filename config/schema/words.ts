import { z } from "../zod.ts";

/** Small value types of the stack language; each says in words what it allows, because the words end up in error messages. */

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const host = /^(\*\.)?([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const ipv4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** A DNS label (RFC 1123): what Kubernetes takes as the name of a namespace or Service. */
export const dnsLabel = z
  .string()
  .regex(label, "a DNS label: lower-case letters, digits and '-', starting and ending with a letter or digit")
  .max(63, "a DNS label of at most 63 characters");

/** A host name, or a wildcard `*.` followed by one. */
export const hostname = z
  .string()
  .max(253, "a host name of at most 253 characters")
  .regex(host, "a host name such as mango.example.com or *.example.com")
  .refine((value) => !ipv4.test(value), "a host name, not an IP address");

/** An IPv4 address. */
export const ipAddress = z.string().refine(
  (value) =>
    ipv4
      .exec(value)
      ?.slice(1)
      .every((part) => Number(part) <= 255) ?? false,
  "an IPv4 address",
);

/** A duration in the form that Vault and cert-manager share: hours, minutes or seconds. */
export const duration = z.string().regex(/^[1-9]\d*(h|m|s)$/, "a duration such as 720h, 90m or 30s");

export const port = z
  .int("a whole number from 1 to 65535")
  .min(1, "a port from 1 to 65535")
  .max(65535, "a port from 1 to 65535");

/** An absolute path as the Gateway API takes it (HTTPPathMatch: no `//`, `/./`, `/../`, `#`). */
export const urlPath = z
  .string()
  .regex(/^\//, "a path that begins with /")
  .refine((value) => !/\/\/|\/\.\.?(\/|$)|#|%2f/i.test(value), "a path without //, /./, /../, %2f or #");

/** `namespace/name`. */
export const namespacedName = z
  .string()
  .regex(/^[a-z0-9][-a-z0-9]*\/[a-z0-9][-a-z0-9.]*$/, "namespace/name, such as default/a-secret");

/** A memory or storage size as minikube and Kubernetes take it. */
export const memory = z.string().regex(/^[1-9]\d*(m|g)$/, "a size such as 12g or 4096m");
export const quantity = z.string().regex(/^[1-9]\d*(Mi|Gi)$/, "a quantity such as 64Mi or 1Gi");

/** A version is always quoted in YAML: Pulumi reads an unquoted 1.30 as the number 1.3. */
export const version = z
  .string('a version in quotes, such as "1.31.1"')
  .regex(/^v?\d+\.\d+(\.\d+)?(-[0-9a-z.]+)?$/i, 'a version such as "1.31.1"');

export const labels = z.record(z.string(), z.string());
