import { certificateCovers } from "../../topology/hostnames.ts";
import type { Ingress } from "../../topology/model.ts";
import type { IngressServer } from "../matching/ingress-model.ts";
import { certificateRefusal } from "./listener-validity.ts";
import type { SecretUse } from "./model.ts";

/**
 * The Secret of each host: that of the `tls` entry of its Ingress that names the host, else of one whose certificate is
 * good for it; the first Ingress wins. @see extractTLSSecretName of controller.go
 */
export function secretsOf(ingresses: readonly Ingress[]): Map<string, SecretUse> {
  const secrets = new Map<string, SecretUse>();
  for (const ingress of ingresses) {
    const ruleHosts = ingress.rules.flatMap(({ host }) => host ?? []);
    const entries = ingress.tls.flatMap(({ hosts, certificate }) => {
      if (certificate === undefined || certificateRefusal(certificate) !== undefined) return [];
      const declared = certificate.resolution.certificate?.dnsNames ?? [];
      const { namespace, name } = certificate;
      const hostnames = [declared, hosts, ruleHosts].find((names) => names.length > 0) ?? [];
      return [{ hosts, use: { namespace, name, hostnames, declared: declared.length > 0 } }];
    });
    for (const host of new Set([...ingress.tls.flatMap(({ hosts }) => hosts), ...ruleHosts])) {
      const entry =
        entries.find(({ hosts }) => hosts.includes(host)) ??
        entries.find(({ use }) => use.hostnames.some((name) => certificateCovers(name, host)));
      if (entry !== undefined && !secrets.has(host)) secrets.set(host, entry.use);
    }
  }
  return secrets;
}

/** By the name itself, else by the wildcard over it (certificate.lua). */
export function secretFor(secrets: ReadonlyMap<string, SecretUse>, sni: string): SecretUse | undefined {
  return secrets.get(sni) ?? secrets.get(`*${sni.slice(sni.indexOf("."))}`);
}

/** With the Secret of each host for the one that sends on to it, when its certificate is good for that, too (BuildRedirects). */
export function withTwins(
  secrets: ReadonlyMap<string, SecretUse>,
  servers: readonly IngressServer[],
): Map<string, SecretUse> {
  const all = new Map(secrets);
  for (const { host, redirectTo } of servers) {
    const use = redirectTo === undefined ? undefined : secretFor(secrets, redirectTo);
    const isGood = host !== undefined && use?.hostnames.some((name) => certificateCovers(name, host));
    if (isGood && use !== undefined && !all.has(host)) all.set(host, use);
  }
  return all;
}
