import { type Fields, number, text, textList } from "../manifests/fields.ts";
import { goDurationSeconds } from "../topology/values.ts";

/**
 * A role of Vault's PKI engine. Lifetimes in seconds; 0 = the mount's own.
 * @see https://developer.hashicorp.com/vault/api-docs/secret/pki#create-update-role
 */
export interface PkiRole {
  readonly allowedDomains: readonly string[];
  readonly allowSubdomains: boolean;
  readonly allowBareDomains: boolean;
  readonly allowGlobDomains: boolean;
  readonly allowWildcardCertificates: boolean;
  readonly allowLocalhost: boolean;
  readonly allowAnyName: boolean;
  readonly enforceHostnames: boolean;
  readonly allowIpSans: boolean;
  readonly allowedUriSans: readonly string[];
  readonly requireCn: boolean;
  /** "disabled" alone turns the check of common names off; else "email" and "hostname" say what one may be. */
  readonly cnValidations: readonly string[];
  readonly keyType: "rsa" | "ec" | "ed25519" | "any";
  /** Smallest key accepted; 0 = the default of the type (RSA 2048, EC 256). */
  readonly keyBits: number;
  readonly serverFlag: boolean;
  readonly clientFlag: boolean;
  readonly ttlSeconds: number;
  readonly maxTtlSeconds: number;
  readonly notBeforeSeconds: number;
}

/** Reads a role from the fields it is written with (`vault write pki/roles/x …`), Vault's own defaults applied. */
export function readRole(written: Fields): PkiRole {
  const flag = (key: string, fallback: boolean) => (typeof written[key] === "boolean" ? written[key] : fallback);
  const keyType = text(written.key_type);
  return {
    allowedDomains: listOf(written.allowed_domains),
    allowSubdomains: flag("allow_subdomains", false),
    allowBareDomains: flag("allow_bare_domains", false),
    allowGlobDomains: flag("allow_glob_domains", false),
    allowWildcardCertificates: flag("allow_wildcard_certificates", true),
    allowLocalhost: flag("allow_localhost", true),
    allowAnyName: flag("allow_any_name", false),
    enforceHostnames: flag("enforce_hostnames", true),
    allowIpSans: flag("allow_ip_sans", true),
    allowedUriSans: listOf(written.allowed_uri_sans),
    requireCn: flag("require_cn", true),
    cnValidations: written.cn_validations === undefined ? ["email", "hostname"] : listOf(written.cn_validations),
    keyType: keyType === "ec" || keyType === "ed25519" || keyType === "any" ? keyType : "rsa",
    keyBits: number(written.key_bits) ?? 0,
    serverFlag: flag("server_flag", true),
    clientFlag: flag("client_flag", true),
    ttlSeconds: secondsOf(written.ttl) ?? 0,
    maxTtlSeconds: secondsOf(written.max_ttl) ?? 0,
    notBeforeSeconds: secondsOf(written.not_before_duration) ?? 30,
  };
}

/** Seconds of a lifetime as Vault takes it: a number, digits alone, or a Go duration. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return goDurationSeconds(value);
}

/** Vault takes lists also as text with commas. */
function listOf(value: unknown): string[] {
  return typeof value === "string" ? value.split(",").map((entry) => entry.trim()) : textList(value);
}
