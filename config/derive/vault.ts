import type { PkiEngine, Prototype, VaultRole } from "../schema.ts";
import { seconds } from "./durations.ts";
import { once } from "./once.ts";

/** Everything that is configured inside Vault: what follows from learn:vault and from every issuer that asks Vault to sign. */
export interface VaultConfiguration {
  readonly kv: readonly KvEngine[];
  /** PKI engines in the order in which they can be made: a signer before those it signs. */
  readonly authorities: readonly PkiAuthority[];
  /** Who may log in with a Kubernetes token, one entry per issuer. */
  readonly logins: readonly KubernetesLogin[];
}

export interface KvEngine {
  readonly mount: string;
  readonly secrets: readonly { readonly path: string; readonly fields: readonly string[] }[];
}

export interface PkiAuthority {
  readonly mount: string;
  readonly commonName: string;
  /** Lifetime of its own certificate, such as 43800h; never longer than its signer's. */
  readonly ttl: string;
  /** Name of the issuer inside the engine. */
  readonly issuerName: string;
  /** Mount of the signer; none for a root. */
  readonly signedBy?: string;
  /** Whether it signs other authorities; one that does not gets a path length of 0. */
  readonly signsAuthorities: boolean;
  readonly roles: readonly PkiRole[];
}

export interface PkiRole extends VaultRole {
  readonly mount: string;
  readonly name: string;
}

/** What lets one Issuer of cert-manager sign with one role, and nothing else. */
export interface KubernetesLogin {
  /** Name of the entry of learn:issuers; also the name of the role of auth/kubernetes and of the ServiceAccount. */
  readonly issuer: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** What the token must be made for; cert-manager asks for vault://<namespace>/<issuer> by itself. */
  readonly audience: string;
  readonly mount: string;
  readonly role: string;
  readonly policy: string;
}

/** Path below which Vault logs Kubernetes tokens in. */
export const kubernetesAuthMount = "kubernetes";
/** Name of the policy for the administration of this Vault. */
export const adminPolicy = "admin";
/** Where Vault answers inside the cluster: the active server, never one that is sealed. */
export const vaultAddress = "https://vault-active.vault.svc:8200";
export const vaultNamespace = "vault";

/** The one truth about Vault's inside: the steps of components/platform/vault, the rules and the rehearsal all read it. */
export const vaultConfiguration = once(
  ({ vault, issuers }: Pick<Prototype, "vault" | "issuers">): VaultConfiguration => {
    const logins = Object.entries(issuers).flatMap(([name, issuer]) =>
      issuer.vault ? [loginOf(name, issuer.namespace ?? name, issuer.vault)] : [],
    );
    const ownRoles = Object.entries(issuers).flatMap(([name, { vault: own }]) =>
      own && own.role === undefined ? [issuerRole(name, own)] : [],
    );
    return { kv: kvEngines(vault.kv), authorities: authoritiesInOrder(vault.pki, ownRoles), logins };
  },
);

/** The role that an issuer signs with; undefined when the stack declares none (which the rules of config/ report). */
export function roleOfIssuer(prototype: Pick<Prototype, "vault" | "issuers">, issuer: string): PkiRole | undefined {
  const { authorities, logins } = vaultConfiguration(prototype);
  const login = logins.find((one) => one.issuer === issuer);
  return authorities
    .flatMap(({ roles }) => roles)
    .find(({ mount, name }) => login !== undefined && mount === login.mount && name === login.role);
}

/** Longest lifetime of a leaf of an issuer, such as 2160h: its role's, when that is shorter than what is asked for. */
export function leafDuration(prototype: Pick<Prototype, "vault" | "issuers">, issuer: string, wanted: string): string {
  const longest = roleOfIssuer(prototype, issuer)?.maxTtl;
  return longest === undefined ? wanted : shorter(wanted, longest);
}

/** The policy of one issuer: sign with one role. cert-manager needs no more (update is all that sign/<role> knows). */
export function signPolicy({ mount, role }: Pick<KubernetesLogin, "mount" | "role">): string {
  return `path "${mount}/sign/${role}" {\n  capabilities = ["update"]\n}\n`;
}

type OwnRole = NonNullable<Prototype["issuers"][string]["vault"]>;

function loginOf(issuer: string, namespace: string, own: OwnRole): KubernetesLogin {
  return {
    issuer,
    namespace,
    serviceAccount: issuer,
    audience: own.audience ?? `vault://${namespace}/${issuer}`,
    mount: own.mount,
    role: own.role ?? issuer,
    policy: `sign-${issuer}`,
  };
}

/** The defaults are those of a declared role (config/schema/pki.ts). */
function issuerRole(name: string, own: OwnRole): PkiRole {
  return {
    mount: own.mount,
    name,
    allowedDomains: own.allowedDomains ?? [],
    allowSubdomains: own.allowSubdomains ?? true,
    allowBareDomains: own.allowBareDomains ?? false,
    allowLocalhost: own.allowLocalhost ?? false,
    allowIpSans: own.allowIpSans ?? false,
    maxTtl: own.maxTtl ?? "2160h",
  };
}

function kvEngines(kv: Prototype["vault"]["kv"]): KvEngine[] {
  return Object.entries(kv).map(([mount, secrets]) => ({
    mount,
    secrets: Object.entries(secrets).map(([path, fields]) => ({ path, fields })),
  }));
}

/** Signers first; what is left in a circle or signed by nobody known is left out (the rules of config/ report it). */
function authoritiesInOrder(pki: Prototype["vault"]["pki"], ownRoles: readonly PkiRole[]): PkiAuthority[] {
  const made = new Map<string, PkiAuthority>();
  const signers = new Set(Object.values(pki).map(({ signedBy }) => signedBy));
  let waiting = Object.entries(pki);
  for (;;) {
    const ready = waiting.filter(([, { signedBy }]) => signedBy === undefined || made.has(signedBy));
    if (ready.length === 0) return [...made.values()];
    for (const [mount, engine] of ready) {
      const signer = engine.signedBy === undefined ? undefined : made.get(engine.signedBy);
      made.set(mount, authority(mount, engine, signer, signers.has(mount), ownRoles));
    }
    waiting = waiting.filter(([mount]) => !made.has(mount));
  }
}

function authority(
  mount: string,
  engine: PkiEngine,
  signer: PkiAuthority | undefined,
  signsAuthorities: boolean,
  ownRoles: readonly PkiRole[],
): PkiAuthority {
  return {
    mount,
    commonName: engine.commonName,
    ttl: signer ? shorter(engine.ttl, signer.ttl) : engine.ttl,
    issuerName: engine.issuerName ?? mount,
    ...(signer ? { signedBy: signer.mount } : {}),
    signsAuthorities,
    roles: [
      ...Object.entries(engine.roles).map(([name, role]) => ({ ...role, mount, name })),
      ...ownRoles.filter((role) => role.mount === mount),
    ],
  };
}

function shorter(one: string, other: string): string {
  return seconds(one) <= seconds(other) ? one : other;
}
