import { didYouMean } from "../nearest.ts";
import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";

/** Rules of issuers and of everything that names one. */
export function issuerProblems(prototype: Prototype): Problem[] {
  return [...declared(prototype), ...issuerReferences(prototype).flatMap((reference) => resolve(prototype, reference))];
}

function declared({ issuers, platform, vault }: Prototype): Problem[] {
  const problems: Problem[] = [];
  for (const [name, issuer] of Object.entries(issuers)) {
    const path = ["issuers", name];
    if (issuer.local) continue;
    if (!platform.certManager) {
      problems.push({
        path,
        message: "is an Issuer of cert-manager, but learn:platform.certManager is missing; add certManager: {} there",
      });
    }
    if (!issuer.vault) continue;
    if (!platform.vault) {
      problems.push({
        path: [...path, "vault"],
        message: "needs Vault, but learn:platform.vault is missing; add vault: {} there",
      });
    }
    const engine = vault.pki[issuer.vault.mount];
    if (!engine) {
      const known = Object.keys(vault.pki);
      problems.push({
        path: [...path, "vault", "mount"],
        message: `expected a mount of learn:vault.pki (${known.join(", ") || "none is declared"}), got "${issuer.vault.mount}"${didYouMean(issuer.vault.mount, known)}`,
      });
      continue;
    }
    const { role, allowedDomains } = issuer.vault;
    if (role === undefined && allowedDomains === undefined) {
      problems.push({
        path: [...path, "vault"],
        message: "expected role (one of learn:vault) or allowedDomains (a role of its own), got neither",
      });
    }
    if (role !== undefined && allowedDomains !== undefined) {
      problems.push({
        path: [...path, "vault"],
        message: "expected role or allowedDomains, got both; a declared role has its own domains",
      });
    }
    if (role !== undefined && !(role in engine.roles)) {
      const known = Object.keys(engine.roles);
      problems.push({
        path: [...path, "vault", "role"],
        message: `expected a role of learn:vault.pki.${issuer.vault.mount}.roles (${known.join(", ") || "none is declared"}), got "${role}"${didYouMean(role, known)}`,
      });
    }
  }
  return problems;
}

interface IssuerReference {
  readonly path: (string | number)[];
  readonly issuer: string;
  /** Where the Certificate would stand: an Issuer serves only its own namespace. */
  readonly namespace: string;
}

function issuerReferences({ apps, gateways, certificates }: Prototype): IssuerReference[] {
  const found: IssuerReference[] = [];
  const add = (path: (string | number)[], issuer: string | undefined, namespace: string) => {
    if (issuer !== undefined) found.push({ path: [...path, "issuer"], issuer, namespace });
  };
  for (const [name, { issuer, namespace }] of Object.entries(certificates))
    add(["certificates", name], issuer, namespace);
  for (const [name, gateway] of Object.entries(gateways)) {
    for (const [listener, { tls }] of Object.entries(gateway.listeners)) {
      add(["gateways", name, "listeners", listener, "tls"], tls?.issuer, gateway.namespace ?? name);
    }
  }
  for (const [name, app] of Object.entries(apps)) {
    const namespace = app.namespace ?? name;
    add(["apps", name, "nginx", "tls"], app.nginx?.tls?.issuer, namespace);
    add(["apps", name, "image", "tls"], app.image?.tls?.issuer, namespace);
    add(["apps", name, "ingress", "tls"], app.ingress?.tls?.issuer, namespace);
    for (const [listener, { tls }] of Object.entries(app.gateway?.listeners ?? {})) {
      add(["apps", name, "gateway", "listeners", listener, "tls"], tls?.issuer, namespace);
    }
  }
  return found;
}

function resolve({ issuers }: Prototype, { path, issuer, namespace }: IssuerReference): Problem[] {
  const known = Object.keys(issuers);
  const found = issuers[issuer];
  if (!found) {
    return [
      {
        path,
        message: `expected an entry of learn:issuers (${known.join(", ") || "none is declared"}), got "${issuer}"${didYouMean(issuer, known)}`,
      },
    ];
  }
  const home = found.namespace ?? issuer;
  if (found.local || home === namespace) return [];
  return [
    {
      path,
      message: `issuer ${issuer} stands in namespace ${home} and serves only that one, but the certificate belongs in ${namespace}; declare an issuer with namespace: ${namespace}`,
    },
  ];
}
