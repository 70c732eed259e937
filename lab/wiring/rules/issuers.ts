import { type Fields, fieldsAt, fieldsList, text, textList } from "../../manifests/fields.ts";
import { namespaceOf, type Ref, refOf, type Sourced } from "../../manifests/object.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { annotatedIssuer } from "../../topology/certificates.ts";
import type { Issuer, Topology, VaultIssuer } from "../../topology/model.ts";
import { error, type Finding } from "../finding.ts";
import { listed, nearest } from "../names.ts";

/** W36, the cluster's side: issuers exist, and cert-manager may do what a Vault issuer asks of it. */
export function issuers(topology: Topology): Finding[] {
  return [...issuerRefs(topology), ...topology.issuers.flatMap((issuer) => oneIssuer(issuer, topology))];
}

function issuerRefs(topology: Topology): Finding[] {
  const { objects } = topology;
  const explicit = topology.certificates
    .filter(({ madeFor }) => madeFor === undefined)
    .map(({ ref, namespace, issuerRef }) => ({ from: ref, namespace, issuerRef, path: "/spec/issuerRef" }));
  const annotated = [KINDS.gateway, KINDS.listenerSet, KINDS.ingress]
    .flatMap((kind) => objects.all(kind))
    .flatMap((sourced) => {
      const issuerRef = annotatedIssuer(sourced);
      const namespace = namespaceOf(sourced.object) ?? "";
      return issuerRef === undefined
        ? []
        : [{ from: refOf(sourced.object), namespace, issuerRef, path: "/metadata/annotations" }];
    });
  return [...explicit, ...annotated].flatMap(({ from, namespace, issuerRef, path }) => {
    const { group, kind, name } = issuerRef;
    if (group !== "cert-manager.io" || name === "" || isUnknown(name)) return [];
    const cluster = kind === "ClusterIssuer";
    if (!cluster && kind !== "Issuer") return [];
    const at = cluster ? null : namespace;
    if (objects.lookup(cluster ? KINDS.clusterIssuer : KINDS.issuer, at, name).state !== "missing") return [];
    if (topology.known.provided?.has(`${kind}/${at ?? ""}/${name}`)) return [];
    const to: Ref = { kind, namespace: at, name };
    const message = `its issuer does not exist: there is no ${kind} ${cluster ? name : `${namespace}/${name}`}, so no certificate is made`;
    return [error("W36", { from, to, message, fix: issuerFix(topology, kind, namespace, name), path })];
  });
}

function issuerFix({ issuers }: Topology, kind: string, namespace: string, name: string): string {
  const same = issuers.find((issuer) => issuer.name === name);
  if (same?.kind === "ClusterIssuer") return "set issuerRef.kind: ClusterIssuer";
  if (same !== undefined && kind === "ClusterIssuer") return "set issuerRef.kind: Issuer";
  if (same !== undefined)
    return `an Issuer serves its own namespace: move Issuer ${same.namespace}/${name}, or make it a ClusterIssuer`;
  const usable = issuers.filter((issuer) => issuer.kind === kind && (issuer.namespace ?? namespace) === namespace);
  const meant = nearest(
    name,
    usable.map((issuer) => issuer.name),
  );
  return meant === undefined
    ? `add ${kind} ${name}${kind === "Issuer" ? ` to namespace ${namespace}` : ""}`
    : `set issuerRef.name: ${meant}`;
}

function oneIssuer(issuer: Issuer, topology: Topology): Finding[] {
  const { source } = issuer;
  if (source.type === "ca") return caSecret(issuer, source, topology);
  return source.type === "vault" ? vaultIssuer(issuer, source.vault, topology) : [];
}

function caSecret(issuer: Issuer, source: Extract<Issuer["source"], { type: "ca" }>, topology: Topology): Finding[] {
  const { secretNamespace, secretName, certificate } = source;
  if (certificate !== undefined || secretName === "") return [];
  return missing(
    issuer,
    "Secret",
    secretNamespace,
    secretName,
    "its CA",
    topology,
    `add a Certificate with isCA: true and secretName: ${secretName}`,
  );
}

function missing(
  issuer: Issuer,
  kind: "Secret" | "ServiceAccount",
  namespace: string,
  name: string,
  what: string,
  { objects, known, certificateRefs }: Topology,
  fix: string,
): Finding[] {
  const state =
    kind === "Secret"
      ? certificateRefs.secretState(namespace, name)
      : objects.lookup(KINDS.serviceAccount, namespace, name).state;
  if (state !== "missing" || known.provided?.has(`${kind}/${namespace}/${name}`)) return [];
  const to: Ref = { kind, namespace, name };
  return [
    error("W36", {
      from: issuer.ref,
      to,
      message: `${what} is missing: there is no ${kind} ${namespace}/${name}`,
      fix,
    }),
  ];
}

/** @see https://cert-manager.io/docs/configuration/vault/#option-2-vault-authentication-method-use-kubernetes-auth */
function vaultIssuer(issuer: Issuer, vault: VaultIssuer, topology: Topology): Finding[] {
  const findings: Finding[] = [];
  const { caBundleSecret, auth, path } = vault;
  if (caBundleSecret !== undefined) {
    const { namespace, name } = caBundleSecret;
    findings.push(
      ...missing(
        issuer,
        "Secret",
        namespace,
        name,
        "the CA of Vault's own certificate",
        topology,
        `make Secret ${name} with the key ${caBundleSecret.key}`,
      ),
    );
  }
  if (path !== "" && vault.mount === "" && !isUnknown(path) && topology.known.vault === undefined) {
    const message = `path ${path} is not a signing path of Vault's PKI engine`;
    findings.push(
      error("W36", {
        from: issuer.ref,
        to: null,
        message,
        fix: "set path: <mount>/sign/<role>",
        path: "/spec/vault/path",
      }),
    );
  }
  const account = auth?.serviceAccount;
  if (account === undefined || isUnknown(account.name)) return findings;
  const { namespace, name } = account;
  if (name !== "default") {
    const fix = `add ServiceAccount ${namespace}/${name}`;
    const absent = missing(
      issuer,
      "ServiceAccount",
      namespace,
      name,
      "the account it logs in to Vault with",
      topology,
      fix,
    );
    if (absent.length > 0) return [...findings, ...absent];
  }
  return [...findings, ...tokenRight(issuer, namespace, name, topology)];
}

/** cert-manager's own account must be allowed to make tokens of the issuer's account. */
function tokenRight(issuer: Issuer, namespace: string, account: string, topology: Topology): Finding[] {
  const { objects } = topology;
  const to: Ref = { kind: "ServiceAccount", namespace, name: account };
  const rule = `{ apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: ["${account}"], verbs: ["create"] }`;
  const granting = [...objects.all(KINDS.role), ...objects.all(KINDS.clusterRole)].filter(
    (role) => within(role, namespace) && allowsTokens(role, account),
  );
  if (granting.length === 0) {
    const message = `cert-manager may not make tokens of ServiceAccount ${namespace}/${account}: no Role of namespace ${namespace} allows create on serviceaccounts/token for it`;
    return [
      error("W36", {
        from: issuer.ref,
        to,
        message,
        fix: `add a Role in namespace ${namespace} with the rule ${rule}`,
      }),
    ];
  }
  const bindings = [...objects.all(KINDS.roleBinding), ...objects.all(KINDS.clusterRoleBinding)].filter(
    (binding) => within(binding, namespace) && binds(binding, granting),
  );
  const subjects = bindings.flatMap(({ object }) => fieldsList(object.subjects));
  if (subjects.some((subject) => isCertManager(subject, topology))) return [];
  const roles = listed(granting.map(({ object }) => object.metadata.name));
  const { namespace: ns, serviceAccount } = topology.known.certManager ?? {
    namespace: "cert-manager",
    serviceAccount: "cert-manager",
  };
  const bound = subjects.map((subject) => `${text(subject.namespace) ?? namespace}/${text(subject.name)}`);
  const message = `cert-manager may not make tokens of ServiceAccount ${namespace}/${account}: ${bindings.length === 0 ? `no RoleBinding binds Role ${roles}` : `Role ${roles} is bound to ${listed(bound)}`}`;
  const fix = `add a RoleBinding in namespace ${namespace} from Role ${roles} to ServiceAccount ${ns}/${serviceAccount}`;
  return [error("W36", { from: issuer.ref, to, message, fix })];
}

/** True for objects of a namespace, and for those of the whole cluster. */
function within({ object }: Sourced, namespace: string): boolean {
  const own = namespaceOf(object);
  return own === null || own === namespace || isUnknown(own) || isUnknown(namespace);
}

function allowsTokens({ object }: Sourced, account: string): boolean {
  return fieldsList(object.rules).some((rule) => {
    const has = (field: string, value: string) =>
      textList(rule[field]).some((entry) => entry === value || entry === "*" || isUnknown(entry));
    const names = textList(rule.resourceNames);
    const resource = has("resources", "serviceaccounts/token") || textList(rule.resources).includes("*/token");
    return (
      has("apiGroups", "") &&
      resource &&
      has("verbs", "create") &&
      (names.length === 0 || names.some((n) => n === account || isUnknown(n)))
    );
  });
}

function binds({ object }: Sourced, roles: readonly Sourced[]): boolean {
  const ref = fieldsAt(object, "roleRef");
  const same = (a: unknown, b: unknown) => a === b || isUnknown(a) || isUnknown(b);
  return roles.some(({ object: role }) => same(role.kind, ref.kind) && same(role.metadata.name, ref.name));
}

function isCertManager(subject: Fields, { known }: Topology): boolean {
  const [name, namespace] = [text(subject.name) ?? "", text(subject.namespace)];
  if (subject.kind !== "ServiceAccount") return subject.kind === "Group" || isUnknown(subject.kind);
  if (isUnknown(name) || isUnknown(namespace)) return true;
  const account = known.certManager;
  if (account !== undefined) return name === account.serviceAccount && namespace === account.namespace;
  // Helm names the account after its release; where nothing is known of it, the usual name is looked for.
  return name.includes("cert-manager");
}
