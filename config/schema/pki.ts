import { z } from "../zod.ts";
import { dnsLabel, duration, hostname, ipAddress } from "./words.ts";

const mountName = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "a mount name such as pki_int");
const roleName = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "a role name such as example-dot-com");

/** What a role of Vault's PKI engine may sign (https://developer.hashicorp.com/vault/api-docs/secret/pki#create-update-role). */
const roleFields = {
  allowedDomains: z.array(hostname).min(1, "at least one domain"),
  allowSubdomains: z.boolean().default(true),
  allowBareDomains: z.boolean().default(false).describe("the domains themselves, not only names below them"),
  allowLocalhost: z.boolean().default(false),
  allowIpSans: z.boolean().default(false),
  maxTtl: duration.default("2160h").describe("longest lifetime of a leaf"),
};
export const vaultRole = z.strictObject(roleFields);

export const pkiEngine = z.strictObject({
  commonName: z.string().min(1),
  ttl: duration.default("43800h").describe("lifetime of the authority's own certificate"),
  issuerName: roleName.optional().describe("name of the issuer inside the engine"),
  signedBy: mountName.optional().describe("mount of the authority that signs this one; without it, a self-signed root"),
  roles: z.record(roleName, vaultRole).default({}),
});

export const vault = z
  .strictObject({
    kv: z
      .record(mountName, z.record(z.string().min(1), z.array(z.string().min(1)).min(1)))
      .default({})
      .describe("KV v2 engines: mount → path → fields; the values are random and made inside Vault"),
    pki: z.record(mountName, pkiEngine).default({}).describe("PKI engines: mount → authority and roles"),
  })
  .describe("what is configured inside Vault");

export const selfSignedIssuer = z.strictObject({
  commonName: z.string().min(1).optional().describe("subject of the root; default: <name> root"),
  duration: duration.default("87600h").describe("lifetime of the root"),
});

export const vaultIssuer = z.strictObject({
  mount: mountName.describe("PKI engine that signs"),
  role: roleName
    .optional()
    .describe("a role declared in learn:vault; without it a role of the issuer's own name is made"),
  allowedDomains: roleFields.allowedDomains.optional(),
  allowSubdomains: z.boolean().optional(),
  allowBareDomains: z.boolean().optional(),
  allowLocalhost: z.boolean().optional(),
  allowIpSans: z.boolean().optional(),
  maxTtl: duration.optional(),
  audience: z
    .string()
    .optional()
    .describe(
      "audience Vault demands of the token; default vault://<namespace>/<issuer>, which is what cert-manager asks for",
    ),
});

export const localAuthority = z.strictObject({
  commonName: z.string().min(1),
  duration: duration.default("87600h"),
});

export const issuer = z
  .strictObject({
    namespace: dnsLabel.optional().describe("where the Issuer stands; default: its name (not used by local)"),
    selfSigned: selfSignedIssuer.optional().describe("cert-manager: self-signed root → CA → leaves"),
    vault: vaultIssuer.optional().describe("cert-manager asks Vault to sign"),
    local: localAuthority
      .optional()
      .describe("an authority made by the program itself with @pulumi/tls, no cert-manager"),
  })
  .describe("who signs: exactly one of selfSigned, vault and local");

/** What a leaf certificate says, wherever one is declared. */
export const leafFields = {
  issuer: z.string().min(1).optional().describe("name of an entry of learn:issuers"),
  names: z.array(hostname).optional().describe("DNS names beside those that follow from the host"),
  ips: z.array(ipAddress).optional().describe("IP addresses in the certificate"),
  duration: duration.optional().describe("lifetime of the leaf; default 2160h"),
};

export const certificate = z
  .strictObject({
    namespace: dnsLabel.default("default"),
    issuer: z.string().min(1).describe("name of an entry of learn:issuers"),
    names: z.array(hostname).min(1, "at least one DNS name"),
    ips: leafFields.ips,
    duration: leafFields.duration,
    secret: z.string().min(1).optional().describe("Secret that holds it; default <name>-tls"),
  })
  .describe("a certificate that no listener asks for");
