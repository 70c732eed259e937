import { domainToASCII } from "node:url";
import type { PkiRole } from "./pki-role.ts";

// Which names a role allows: Vault's ValidateNames and ValidateCommonName, without templates and token display names.
// Source: hashicorp/vault builtin/logical/pki/issuing/issue_common.go

const LABEL = "([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const HOSTNAME = `(${LABEL}\\.)*${LABEL}\\.?$`;
/** The wildcard may be the whole left-most label, or its start, end or middle (RFC 6125 §6.4.3). */
const WILD_LABEL = `(\\*|\\*${LABEL}|${LABEL}\\*|${LABEL}\\*${LABEL})`;
const WILD_HOSTNAME = new RegExp(`^(${WILD_LABEL}\\.)?${HOSTNAME}`);

/** True when a name can be a DNS name of a certificate, wildcards included. */
export function isHostname(name: string): boolean {
  const ascii = toAscii(name);
  return ascii !== undefined && WILD_HOSTNAME.test(ascii);
}

/** The first of the names that the role does not allow; undefined when it allows them all. */
export function firstForbidden(role: PkiRole, names: readonly string[]): string | undefined {
  return names.find((name) => !allows(role, name));
}

/** Whether the role allows a common name; e-mail addresses and host names are told apart by the "@". */
export function allowsCommonName(role: PkiRole, name: string): boolean {
  const { cnValidations } = role;
  if (cnValidations.length === 1 && cnValidations[0] === "disabled") return true;
  if (!allows(role, name)) return false;
  return cnValidations.length === 0 || cnValidations.includes(name.includes("@") ? "email" : "hostname");
}

function allows(role: PkiRole, name: string): boolean {
  const parts = name.split("@");
  if (parts.length > 2) return false;
  const isEmail = parts.length === 2;
  const domain = parts.at(-1) ?? "";

  let reduced = domain;
  let wildcard: string | undefined;
  if (domain.includes("*")) {
    if (!role.allowWildcardCertificates || isEmail) return false;
    if (domain.indexOf("*") !== domain.lastIndexOf("*")) return false;
    const dot = domain.indexOf(".");
    wildcard = dot < 0 ? domain : domain.slice(0, dot);
    reduced = dot < 0 ? "" : domain.slice(dot + 1);
    if (reduced.includes("*")) return false;
  }
  if (role.enforceHostnames && reduced !== "") {
    const ascii = toAscii(reduced);
    if (ascii === undefined) return false;
    if (!WILD_HOSTNAME.test(wildcard === undefined ? ascii : `${wildcard}.${ascii}`)) return false;
  }
  if (role.allowAnyName) return true;
  return (
    allowedAsLocalhost(role, reduced, wildcard) || allowedByDomains(role, { name, domain, reduced, wildcard, isEmail })
  );
}

function allowedAsLocalhost(role: PkiRole, reduced: string, wildcard: string | undefined): boolean {
  if (!role.allowLocalhost) return false;
  // A wildcard below localhost is let through even without allow_subdomains: its reduced name is the host itself.
  return ["localhost", "localdomain"].some(
    (host) =>
      reduced === host ||
      (role.allowSubdomains && (reduced.endsWith(`.${host}`) || (wildcard !== undefined && reduced === host))),
  );
}

interface ReducedName {
  readonly name: string;
  readonly domain: string;
  readonly reduced: string;
  readonly wildcard: string | undefined;
  readonly isEmail: boolean;
}

function allowedByDomains(role: PkiRole, { name, domain, reduced, wildcard, isEmail }: ReducedName): boolean {
  return role.allowedDomains.some((allowed) => {
    if (allowed === "") return false;
    if (role.allowBareDomains && (sameFolded(name, allowed) || (isEmail && sameFolded(domain, allowed)))) return true;
    // Suffixes are compared with their case, whole names without, as Vault does.
    if (role.allowSubdomains && reduced.endsWith(`.${allowed}`)) return true;
    if (role.allowSubdomains && wildcard !== undefined && sameFolded(reduced, allowed)) return true;
    return role.allowGlobDomains && allowed.includes("*") && globMatches(allowed.toLowerCase(), name.toLowerCase());
  });
}

/** "*" stands for any text, dots included (ryanuber/go-glob). */
export function globMatches(pattern: string, text: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "s").test(text);
}

function sameFolded(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The name in ASCII; undefined when a label is empty or over 63 octets, or all are over 253 (a last dot is allowed). */
function toAscii(name: string): string | undefined {
  const ascii = /^[\x20-\x7e]*$/.test(name) ? name : domainToASCII(name);
  const body = ascii.endsWith(".") ? ascii.slice(0, -1) : ascii;
  if (body.length < 1 || body.length > 253) return undefined;
  return body.split(".").every((label) => label.length >= 1 && label.length <= 63) ? ascii : undefined;
}
