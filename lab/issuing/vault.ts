import { type Fields, text, textList } from "../manifests/fields.ts";
import type { x509 } from "./peculiar.ts";
import { isHostname } from "./pki-names.ts";
import { type PkiRole, readRole, secondsOf } from "./pki-role.ts";
import { decideSigning, type SigningRequest } from "./pki-sign.ts";
import { grants, type PolicyRule, readPolicy } from "./vault-policy.ts";
import { generateKey, type Identity, type KeyKind, signCertificate } from "./x509.ts";

/** Vault's defaults of a mount's leases: 768 hours both (https://developer.hashicorp.com/vault/docs/configuration#default_lease_ttl). */
const SYSTEM_LEASE_SECONDS = 768 * 3600;
/** The key of an authority; the project's steps ask for ECDSA on P-256. */
const AUTHORITY_KEY: KeyKind = { algorithm: "ECDSA", size: 256 };

/** An order to make the authority of a PKI engine; the words of components/platform/vault/steps. */
export interface AuthorityOrder {
  readonly mount: string;
  readonly commonName: string;
  /** Lifetime in seconds. */
  readonly ttl: number;
  readonly signer?: string | undefined;
  readonly maxPathLength?: number | undefined;
}

/** A token of a Kubernetes ServiceAccount, as cert-manager shows it to Vault. */
export interface ServiceAccountToken {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audiences: readonly string[];
}

export interface LoginRole {
  readonly serviceAccounts: readonly string[];
  readonly namespaces: readonly string[];
  /** "" = any. */
  readonly audience: string;
  readonly policies: readonly string[];
}

interface PkiMount {
  authority: Promise<Identity> | undefined;
  signer: PkiMount | undefined;
  readonly roles: Map<string, PkiRole>;
  urls: { issuer?: string; crl?: string; ocsp?: string };
  maxLeaseSeconds: number;
}

/** What `sign/<role>` answers: the leaf, and the chain from its signer up to the root. */
export interface Signed {
  readonly certificate: x509.X509Certificate;
  readonly chain: readonly x509.X509Certificate[];
  readonly warnings: readonly string[];
}

/**
 * As much of Vault as signs certificates: PKI engines with real authorities, roles, policies, Kubernetes logins and the
 * names of what KV engines hold. It is configured by the very paths and fields that the project writes to a real Vault.
 */
export class VaultStandIn {
  readonly #pki = new Map<string, PkiMount>();
  readonly #kv = new Map<string, Map<string, readonly string[]>>();
  readonly #policies = new Map<string, readonly PolicyRule[]>();
  /** By "<mount>/<role>" of the auth method. */
  readonly #logins = new Map<string, LoginRole>();
  readonly #now: () => Date;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  /** `vault secrets enable -path=<path> <type>`; again = no change. */
  mount(path: string, type: string): void {
    if (type === "pki" && !this.#pki.has(path)) {
      this.#pki.set(path, {
        authority: undefined,
        signer: undefined,
        roles: new Map(),
        urls: {},
        maxLeaseSeconds: SYSTEM_LEASE_SECONDS,
      });
    }
    if (type === "kv" && !this.#kv.has(path)) this.#kv.set(path, new Map());
  }

  /** Makes an engine's authority: a self-signed root, or one signed by another engine. @throws Error no such engine */
  makeAuthority(order: AuthorityOrder): Promise<Identity> {
    const mount = this.#mount(order.mount);
    const signer = order.signer === undefined ? undefined : this.#mount(order.signer);
    mount.signer = signer;
    mount.authority ??= this.#authority(order, mount, signer);
    return mount.authority;
  }

  /** `vault write <path> <fields>` for the paths that matter to signing; others have no effect here. */
  write(path: string, fields: Fields): void {
    const [, tuned] = /^sys\/mounts\/(.+)\/tune$/.exec(path) ?? [];
    const [, urls] = /^(.+)\/config\/urls$/.exec(path) ?? [];
    const [, engine, role] = /^(.+)\/roles\/([^/]+)$/.exec(path) ?? [];
    const [, policy] = /^sys\/polic(?:ies\/acl|y)\/(.+)$/.exec(path) ?? [];
    const [, auth, login] = /^auth\/(.+)\/role\/([^/]+)$/.exec(path) ?? [];
    if (tuned !== undefined && this.#pki.has(tuned)) {
      this.#mount(tuned).maxLeaseSeconds = secondsOf(fields.max_lease_ttl) ?? SYSTEM_LEASE_SECONDS;
    } else if (urls !== undefined && this.#pki.has(urls)) {
      this.#mount(urls).urls = readUrls(fields);
    } else if (engine !== undefined && role !== undefined && this.#pki.has(engine)) {
      this.#mount(engine).roles.set(role, readRole(fields));
    } else if (policy !== undefined) {
      this.#policies.set(policy, readPolicy(text(fields.policy) ?? ""));
    } else if (auth !== undefined && login !== undefined) {
      this.#logins.set(`${auth}/${login}`, readLogin(fields));
    }
  }

  /** A KV v2 secret with these fields, whatever their values. */
  putSecret(mount: string, path: string, fields: readonly string[]): void {
    this.mount(mount, "kv");
    this.#kv.get(mount)?.set(path, fields);
  }

  /** The field names of a KV secret given as "<mount>/<path>"; undefined when there is none. */
  secretFields(path: string): readonly string[] | undefined {
    for (const [mount, secrets] of this.#kv) {
      if (path.startsWith(`${mount}/`)) return secrets.get(path.slice(mount.length + 1));
    }
    return undefined;
  }

  /** Paths of all PKI engines that have an authority. */
  get authorities(): string[] {
    return [...this.#pki].filter(([, { authority }]) => authority !== undefined).map(([path]) => path);
  }

  /** The authority of an engine and those above it, its own first. @throws Error no such engine, or it has none */
  async chainOf(path: string): Promise<x509.X509Certificate[]> {
    const chain: x509.X509Certificate[] = [];
    for (let mount: PkiMount | undefined = this.#mount(path); mount !== undefined; mount = mount.signer) {
      if (mount.authority === undefined) throw new Error(`${path} has no authority`);
      chain.push((await mount.authority).certificate);
    }
    return chain;
  }

  /**
   * What a login with a ServiceAccount's token may do, or Vault's refusal.
   * @see https://github.com/hashicorp/vault-plugin-auth-kubernetes/blob/main/path_login.go
   */
  login(
    mount: string,
    role: string,
    token: ServiceAccountToken,
  ): { policies: readonly string[] } | { refused: string } {
    const login = this.#logins.get(`${mount}/${role}`);
    if (login === undefined) return { refused: `invalid role name "${role}"` };
    if (login.audience !== "" && !token.audiences.includes(login.audience)) {
      return { refused: "invalid audience (aud) claim: audience claim does not match any expected audience" };
    }
    if (!allowsName(login.namespaces, token.namespace)) return { refused: "namespace not authorized" };
    if (!allowsName(login.serviceAccounts, token.serviceAccount))
      return { refused: "service account name not authorized" };
    return { policies: login.policies };
  }

  /** `vault write <mount>/sign/<role>`, by the holder of these policies (undefined = root). */
  async sign(
    mount: string,
    role: string,
    request: SigningRequest,
    publicKey: x509.PublicKeyType,
    policies?: readonly string[],
  ): Promise<Signed | { refused: string }> {
    if (policies !== undefined) {
      const rules = policies.flatMap((policy) => this.#policies.get(policy) ?? []);
      if (!grants(rules, `${mount}/sign/${role}`, "update")) return { refused: "permission denied" };
    }
    const engine = this.#pki.get(mount);
    if (engine === undefined) {
      return { refused: `no handler for route "${mount}/sign/${role}". route entry not found.` };
    }
    const rules = engine.roles.get(role);
    if (rules === undefined) return { refused: `unknown role: ${role}` };
    if (engine.authority === undefined) {
      return { refused: "no default issuer currently configured" };
    }
    const signer = await engine.authority;
    const { notBefore, notAfter } = signer.certificate;
    const limits = {
      notBefore,
      notAfter,
      defaultTtlSeconds: Math.min(SYSTEM_LEASE_SECONDS, engine.maxLeaseSeconds),
      maxTtlSeconds: engine.maxLeaseSeconds,
    };
    const decision = decideSigning(rules, request, limits, this.#now());
    if ("refused" in decision) return decision;
    const content = { ...decision.content, urls: engine.urls };
    return {
      certificate: await signCertificate(content, publicKey, signer, true),
      chain: await this.chainOf(mount),
      warnings: decision.warnings,
    };
  }

  #mount(path: string): PkiMount {
    const mount = this.#pki.get(path);
    if (mount === undefined) throw new Error(`no PKI engine is mounted at ${path}`);
    return mount;
  }

  async #authority(order: AuthorityOrder, mount: PkiMount, signer: PkiMount | undefined): Promise<Identity> {
    const key = await generateKey(AUTHORITY_KEY);
    const now = this.#now().getTime();
    const above = signer?.authority === undefined ? undefined : await signer.authority;
    if (signer !== undefined && above === undefined) throw new Error(`${order.signer} has no authority to sign with`);
    const seconds = Math.min(order.ttl, (signer ?? mount).maxLeaseSeconds);
    const wanted = new Date(now + seconds * 1000);
    const certificate = await signCertificate(
      {
        subject: [["CN", order.commonName]],
        // Unless told otherwise Vault puts a common name that is a host's among the alternative names.
        dnsNames: isHostname(order.commonName) ? [order.commonName] : [],
        notBefore: new Date(now - 30_000),
        // An intermediate ends with its signer at the latest (path_root.go: truncated by default since 1.17).
        notAfter: above !== undefined && above.certificate.notAfter < wanted ? above.certificate.notAfter : wanted,
        isCa: true,
        ...(order.maxPathLength === undefined ? {} : { pathLength: order.maxPathLength }),
        keyUsages: ["keyCertSign", "cRLSign"],
        urls: signer?.urls ?? {},
      },
      key.pair.publicKey,
      above ?? { key },
    );
    return { certificate, key };
  }
}

function readUrls(fields: Fields): { issuer?: string; crl?: string; ocsp?: string } {
  const [issuer] = textList(fields.issuing_certificates);
  const [crl] = textList(fields.crl_distribution_points);
  const [ocsp] = textList(fields.ocsp_servers);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(crl === undefined ? {} : { crl }),
    ...(ocsp === undefined ? {} : { ocsp }),
  };
}

function readLogin(fields: Fields): LoginRole {
  const policies = textList(fields.token_policies);
  return {
    serviceAccounts: textList(fields.bound_service_account_names),
    namespaces: textList(fields.bound_service_account_namespaces),
    audience: text(fields.audience) ?? "",
    policies: fields.token_no_default_policy === true ? policies : [...policies, "default"],
  };
}

function allowsName(allowed: readonly string[], name: string): boolean {
  return allowed.includes("*") || allowed.includes(name);
}
