import { fields } from "../../manifests/fields.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { VaultAuthRole, VaultConfiguration, VaultPkiRole } from "../../topology/known.ts";
import type { Certificate, Issuer, Topology, VaultIssuer, VaultKubernetesAuth } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";
import { listed, nearest } from "../names.ts";

/** W36 and W39, Vault's side, where its configuration is known: roles, audiences, policies, names and lifetimes agree. */
export function vault(topology: Topology): Finding[] {
  const configuration = topology.known.vault;
  if (configuration === undefined) return [];
  return topology.issuers.flatMap((issuer) => {
    if (issuer.source.type !== "vault" || isUnknown(issuer.source.vault.path)) return [];
    const { vault } = issuer.source;
    const path = signing(issuer, vault, configuration);
    const broken = path.length > 0 ? path : login(issuer, vault, configuration);
    const role = configuration.mounts[vault.mount]?.roles[vault.role];
    if (broken.length > 0 || role === undefined) return broken;
    const certificates = topology.certificates.filter((certificate) => certificate.issuer === issuer);
    return certificates.flatMap((certificate) => [
      ...refusedNames(certificate, vault, role),
      ...tooLong(certificate, vault, role),
    ]);
  });
}

function signing({ ref }: Issuer, { mount, role, path }: VaultIssuer, { mounts }: VaultConfiguration): Finding[] {
  const found = (message: string, fix: string) => [
    error("W36", { from: ref, to: null, message, fix, path: "/spec/vault/path" }),
  ];
  if (mount === "") {
    return path === ""
      ? []
      : found(`path ${path} is not a signing path of Vault's PKI engine`, "set path: <mount>/sign/<role>");
  }
  const configured = mounts[mount];
  if (configured === undefined) {
    const near = nearest(mount, Object.keys(mounts));
    return found(
      `path ${path}: Vault has no PKI engine at ${mount}`,
      near === undefined ? `enable pki at ${mount}` : `set path: ${near}/sign/${role}`,
    );
  }
  if (configured.roles[role] !== undefined) return [];
  const near = nearest(role, Object.keys(configured.roles));
  const has = listed(Object.keys(configured.roles));
  return found(
    `path ${path}: Vault's ${mount} has no role ${role}: it has ${has}`,
    near === undefined ? `add the role to ${mount}` : `set path: ${mount}/sign/${near}`,
  );
}

function login(issuer: Issuer, vault: VaultIssuer, configuration: VaultConfiguration): Finding[] {
  const { auth, path } = vault;
  if (auth === undefined || isUnknown(auth.role) || isUnknown(auth.mountPath)) return [];
  const found = (message: string, fix: string) => [error("W36", { from: issuer.ref, to: null, message, fix })];
  const roles = configuration.kubernetesAuth[auth.mountPath]?.roles;
  if (roles === undefined)
    return found(`Vault has no Kubernetes auth at ${auth.mountPath}`, `enable kubernetes auth at ${auth.mountPath}`);
  const role = roles[auth.role];
  if (role === undefined) {
    const near = nearest(auth.role, Object.keys(roles));
    const message = `Vault's Kubernetes auth has no role ${auth.role}: it has ${listed(Object.keys(roles))}`;
    return found(
      message,
      near === undefined ? `add the role to auth/${auth.mountPath}` : `set auth.kubernetes.role: ${near}`,
    );
  }
  return [...accountAgrees(auth, role, found), ...policyAllows(auth, role, path, configuration, found)].slice(0, 1);
}

function accountAgrees(
  { role: name, serviceAccount, audiences }: VaultKubernetesAuth,
  role: VaultAuthRole,
  found: (message: string, fix: string) => Finding[],
): Finding[] {
  if (serviceAccount !== undefined && !isUnknown(serviceAccount.name)) {
    const { namespace, name: account } = serviceAccount;
    if (!bound(role.boundServiceAccountNames, account)) {
      const message = `Vault role ${name} is bound to ServiceAccount ${listed(role.boundServiceAccountNames)}, but the issuer logs in as ${account}: 403`;
      return found(message, `set bound_service_account_names=${account}`);
    }
    if (!bound(role.boundServiceAccountNamespaces, namespace)) {
      const message = `Vault role ${name} is bound to namespace ${listed(role.boundServiceAccountNamespaces)}, but the issuer's ServiceAccount is in ${namespace}: 403`;
      return found(message, `set bound_service_account_namespaces=${namespace}`);
    }
  }
  const { audience } = role;
  if (audience === undefined || [audience, ...audiences].some(isUnknown) || audiences.includes(audience)) return [];
  const own = audiences.find((entry) => entry.startsWith("vault://")) ?? audiences[0];
  const message = `Vault role ${name} expects audience ${audience}, but cert-manager asks for a token for ${listed(audiences)}: 403`;
  return found(message, `set audience=${own}`);
}

function bound(allowed: readonly string[], name: string): boolean {
  return allowed.some((entry) => entry === "*" || entry === name || isUnknown(entry) || globMatches(entry, name));
}

function policyAllows(
  { role: name }: VaultKubernetesAuth,
  role: VaultAuthRole,
  path: string,
  { policies }: VaultConfiguration,
  found: (message: string, fix: string) => Finding[],
): Finding[] {
  const capabilities = role.policies.flatMap((policy) =>
    Object.entries(policies[policy] ?? {})
      .filter(([pattern]) => policyPathMatches(pattern, path))
      .flatMap(([, granted]) => granted),
  );
  if (capabilities.includes("update") && !capabilities.includes("deny")) return [];
  const message = `Vault role ${name} has policies ${listed(role.policies)}, none of which allows update on ${path}: 403`;
  return found(message, `add to a policy of the role: path "${path}" { capabilities = ["update"] }`);
}

/** Vault's own patterns: "*" at the end stands for any rest, "+" for one segment. */
function policyPathMatches(pattern: string, path: string): boolean {
  const open = pattern.endsWith("*");
  const parts = (open ? pattern.slice(0, -1) : pattern).split("+").map(escaped).join("[^/]+");
  return new RegExp(`^${parts}${open ? ".*" : ""}$`).test(path);
}

/** Names that the role does not allow: Vault refuses to sign. @see https://developer.hashicorp.com/vault/api-docs/secret/pki#create-update-role */
function refusedNames(certificate: Certificate, { mount, role: name }: VaultIssuer, role: VaultPkiRole): Finding[] {
  if (isUnknown(fields(certificate.sourced.object.spec).dnsNames)) return [];
  const names = new Set([
    ...certificate.dnsNames,
    ...(certificate.commonName === undefined ? [] : [certificate.commonName]),
  ]);
  const refused = [...names].filter((dnsName) => !isUnknown(dnsName) && !nameAllowed(dnsName, role));
  const to = certificate.issuer?.ref ?? null;
  const findings: Finding[] = [];
  if (refused.length > 0) {
    const message = `Vault's role ${mount}/${name} does not allow ${listed(refused)}: it allows ${allowedShown(role)}`;
    const fix = `add the domain to allowed_domains of the role, or remove ${listed(refused)} from dnsNames`;
    findings.push(error("W36", { from: certificate.ref, to, message, fix, path: "/spec/dnsNames" }));
  }
  if (certificate.ipAddresses.length > 0 && !role.allowIpSans) {
    const message = `Vault's role ${mount}/${name} allows no IP addresses, but the certificate asks for ${listed(certificate.ipAddresses)}`;
    const fix = "set allow_ip_sans=true on the role, or remove ipAddresses";
    findings.push(error("W36", { from: certificate.ref, to, message, fix, path: "/spec/ipAddresses" }));
  }
  return findings;
}

function allowedShown({ allowedDomains, allowSubdomains, allowBareDomains }: VaultPkiRole): string {
  const forms = [...(allowBareDomains ? ["themselves"] : []), ...(allowSubdomains ? ["their subdomains"] : [])];
  return `${listed(allowedDomains)} (${listed(forms, "neither bare nor subdomains")})`;
}

function nameAllowed(asked: string, role: VaultPkiRole): boolean {
  const name = asked.toLowerCase();
  if (role.allowAnyName) return true;
  if (name.startsWith("*.") && role.allowWildcardCertificates === false) return false;
  if (name === "localhost" && role.allowLocalhost !== false) return true;
  return role.allowedDomains.some((domain) => {
    if (isUnknown(domain)) return true;
    if (role.allowBareDomains && name === domain) return true;
    if (role.allowGlobDomains && globMatches(domain, name)) return true;
    return role.allowSubdomains && name.endsWith(`.${domain}`);
  });
}

function globMatches(pattern: string, name: string): boolean {
  return pattern.includes("*") && new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`).test(name);
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** W39: Vault silently shortens what is longer than the role's max_ttl, and cert-manager then renews all the time. */
function tooLong(
  certificate: Certificate,
  { mount, role: name }: VaultIssuer,
  { maxTtlSeconds }: VaultPkiRole,
): Finding[] {
  if (isUnknown(fields(certificate.sourced.object.spec).duration)) return [];
  if (maxTtlSeconds <= 0 || certificate.durationSeconds <= maxTtlSeconds) return [];
  const hours = (seconds: number) => `${Math.round(seconds / 36) / 100}h`;
  const message = `duration ${hours(certificate.durationSeconds)} is longer than max_ttl ${hours(maxTtlSeconds)} of Vault's role ${mount}/${name}, which shortens it`;
  const fix = `set duration: ${hours(maxTtlSeconds)} or less`;
  return [
    warning("W39", {
      from: certificate.ref,
      to: certificate.issuer?.ref ?? null,
      message,
      fix,
      path: "/spec/duration",
    }),
  ];
}
