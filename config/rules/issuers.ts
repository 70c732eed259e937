import { namespaceOf } from "../derive/apps.ts";
import { eachReadable, unlessUnreadable } from "../gaps.ts";
import { didYouMean } from "../nearest.ts";
import type { Path, Problem } from "../problem.ts";
import type { AppGatewayConfig, IssuerConfig, Prototype } from "../schema.ts";

/** Rules of issuers and of everything that names one. */
export function issuerProblems(prototype: Prototype): Problem[] {
  return unlessUnreadable(
    () =>
      eachReadable(prototype.issuers, (name, issuer) =>
        unlessUnreadable(
          () => certManagerProblems(prototype, name, issuer),
          () => vaultProblems(prototype, name, issuer),
        ),
      ),
    () => referenceProblems(prototype),
  );
}

function certManagerProblems({ platform }: Prototype, name: string, issuer: IssuerConfig): Problem[] {
  if (issuer.local || platform.certManager) return [];
  const message = "is an Issuer of cert-manager, but learn:platform.certManager is missing; add certManager: {} there";
  return [{ path: ["issuers", name], message }];
}

function vaultProblems({ platform, vault }: Prototype, name: string, issuer: IssuerConfig): Problem[] {
  if (!issuer.vault) return [];
  const path = ["issuers", name, "vault"];
  const problems: Problem[] = [];
  if (!platform.vault) {
    problems.push({ path, message: "needs Vault, but learn:platform.vault is missing; add vault: {} there" });
  }
  const { mount, role, allowedDomains } = issuer.vault;
  const engine = vault.pki[mount];
  if (!engine) {
    const known = Object.keys(vault.pki);
    problems.push({
      path: [...path, "mount"],
      message: `expected a mount of learn:vault.pki (${known.join(", ") || "none is declared"}), got "${mount}"${didYouMean(mount, known)}`,
    });
    return problems;
  }
  if (role === undefined && allowedDomains === undefined) {
    problems.push({
      path,
      message: "expected role (one of learn:vault) or allowedDomains (a role of its own), got neither",
    });
  }
  if (role !== undefined && allowedDomains !== undefined) {
    problems.push({ path, message: "expected role or allowedDomains, got both; a declared role has its own domains" });
  }
  if (role !== undefined && !(role in engine.roles)) {
    const known = Object.keys(engine.roles);
    problems.push({
      path: [...path, "role"],
      message: `expected a role of learn:vault.pki.${mount}.roles (${known.join(", ") || "none is declared"}), got "${role}"${didYouMean(role, known)}`,
    });
  }
  return problems;
}

function referenceProblems(prototype: Prototype): Problem[] {
  const { apps, gateways, certificates } = prototype;
  const check = (path: Path, namespace: string, issuer: string | undefined) =>
    issuer === undefined ? [] : resolve(prototype, [...path, "issuer"], issuer, namespace);
  const ofListeners = (path: Path, namespace: string, listeners: AppGatewayConfig["listeners"]) =>
    eachReadable(listeners ?? {}, (name, { tls }) =>
      check([...path, "listeners", name, "tls"], namespace, tls?.issuer),
    );
  return unlessUnreadable(
    () => eachReadable(certificates, (name, { issuer, namespace }) => check(["certificates", name], namespace, issuer)),
    () =>
      eachReadable(gateways, (name, gateway) =>
        ofListeners(["gateways", name], namespaceOf(name, gateway), gateway.listeners),
      ),
    () =>
      eachReadable(apps, (name, app) => {
        const path = ["apps", name];
        const namespace = namespaceOf(name, app);
        return unlessUnreadable(
          () => check([...path, "nginx", "tls"], namespace, app.nginx?.tls?.issuer),
          () => check([...path, "image", "tls"], namespace, app.image?.tls?.issuer),
          () => check([...path, "ingress", "tls"], namespace, app.ingress?.tls?.issuer),
          () => ofListeners([...path, "gateway"], namespace, app.gateway?.listeners),
        );
      }),
  );
}

/** A name of an issuer must lead to one that serves the certificate's namespace. */
function resolve({ issuers }: Prototype, path: Path, issuer: string, namespace: string): Problem[] {
  const found = issuers[issuer];
  if (!found) {
    const known = Object.keys(issuers);
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
