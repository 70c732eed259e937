import { type Fields, fields, fieldsAt, fieldsList, number, text, textList, textMap } from "../manifests/fields.ts";
import { namespaceOf, refOf, type Sourced } from "../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";
import type { CertificateResolver } from "./certificate-refs.ts";
import type { Known } from "./known.ts";
import type { Certificate, Issuer, IssuerSource, OfObject, VaultIssuer, VaultKubernetesAuth } from "./model.ts";
import { goDurationSeconds } from "./values.ts";

const CERT_MANAGER_GROUP = "cert-manager.io";
/** cert-manager's default of `spec.duration`: 90 days. */
const DEFAULT_DURATION_SECONDS = 90 * 24 * 3600;

/** Certificates and issuers of a set, each Certificate linked to its Issuer and each CA issuer to its Certificate. */
export class CertificateAuthority {
  readonly certificates: Certificate[] = [];
  readonly issuers: readonly Issuer[];
  readonly #issuers = new Map<string, Issuer>();
  readonly #resolver: CertificateResolver;

  constructor(objects: ObjectIndex, known: Known, resolver: CertificateResolver) {
    this.#resolver = resolver;
    const secretNamespace = known.certManager?.namespace ?? "cert-manager";
    for (const sourced of [...objects.all(KINDS.issuer), ...objects.all(KINDS.clusterIssuer)]) {
      const issuer = readIssuer(sourced, secretNamespace, objects, resolver);
      this.#issuers.set(issuerKey(issuer.kind, issuer.namespace, issuer.name), issuer);
    }
    this.issuers = [...this.#issuers.values()];
    for (const sourced of objects.all(KINDS.certificate)) this.#add(this.#read(sourced));
    for (const sourced of [...objects.all(KINDS.gateway), ...objects.all(KINDS.listenerSet)]) {
      for (const certificate of this.#madeForListeners(sourced)) this.#add(certificate);
    }
    for (const sourced of objects.all(KINDS.ingress)) {
      for (const certificate of this.#madeForIngress(sourced)) this.#add(certificate);
    }
  }

  #add(certificate: Certificate): void {
    this.certificates.push(certificate);
    this.#resolver.add(certificate);
  }

  #issuer(ref: { group: string; kind: string; name: string }, namespace: string): Issuer | undefined {
    if (ref.group !== CERT_MANAGER_GROUP) return undefined;
    return this.#issuers.get(issuerKey(ref.kind, ref.kind === "ClusterIssuer" ? null : namespace, ref.name));
  }

  #read(sourced: Sourced): Certificate {
    const { object } = sourced;
    const spec = fields(object.spec);
    const namespace = namespaceOf(object) ?? "";
    const ref = fields(spec.issuerRef);
    const issuerRef = {
      group: text(ref.group) || CERT_MANAGER_GROUP,
      kind: text(ref.kind) || "Issuer",
      name: text(ref.name) ?? "",
    };
    const privateKey = fields(spec.privateKey);
    return {
      ref: refOf(object),
      sourced,
      namespace,
      name: object.metadata.name,
      secretName: text(spec.secretName) ?? "",
      dnsNames: textList(spec.dnsNames).map((name) => name.toLowerCase()),
      ipAddresses: textList(spec.ipAddresses),
      commonName: text(spec.commonName) || undefined,
      isCa: spec.isCA === true,
      durationSeconds: goDurationSeconds(spec.duration) ?? DEFAULT_DURATION_SECONDS,
      usages: textList(spec.usages),
      privateKey: { algorithm: text(privateKey.algorithm) ?? "RSA", size: number(privateKey.size) },
      issuerRef,
      issuer: this.#issuer(issuerRef, namespace),
      madeFor: undefined,
    };
  }

  /** What cert-manager makes for an annotated Gateway or ListenerSet: one Certificate per Secret, named like it. */
  #madeForListeners(sourced: Sourced): Certificate[] {
    const namespace = namespaceOf(sourced.object) ?? "";
    const names = new Map<string, string[]>();
    for (const listener of fieldsList(fieldsAt(sourced.object, "spec").listeners)) {
      const tls = fields(listener.tls);
      const host = text(listener.hostname);
      const isTls = listener.protocol === "HTTPS" || listener.protocol === "TLS";
      if (!isTls || host === undefined || host === "" || (text(tls.mode) ?? "Terminate") !== "Terminate") continue;
      for (const ref of fieldsList(tls.certificateRefs)) {
        if ((text(ref.namespace) ?? namespace) !== namespace) continue;
        const secretName = text(ref.name) ?? "";
        names.set(secretName, [...(names.get(secretName) ?? []), host.toLowerCase()]);
      }
    }
    return this.#made(sourced, names);
  }

  #madeForIngress(sourced: Sourced): Certificate[] {
    const names = new Map<string, string[]>();
    for (const tls of fieldsList(fieldsAt(sourced.object, "spec").tls)) {
      const secretName = text(tls.secretName);
      const hosts = textList(tls.hosts).map((host) => host.toLowerCase());
      if (secretName !== undefined && hosts.length > 0) names.set(secretName, hosts);
    }
    return this.#made(sourced, names);
  }

  #made(sourced: Sourced, names: ReadonlyMap<string, string[]>): Certificate[] {
    const issuerRef = annotatedIssuer(sourced);
    if (issuerRef === undefined) return [];
    const annotations = textMap(sourced.object.metadata.annotations);
    const namespace = namespaceOf(sourced.object) ?? "";
    const madeFor: OfObject = { ref: refOf(sourced.object), sourced };
    return [...names].map(([secretName, dnsNames]) => ({
      ref: { kind: "Certificate", namespace, name: secretName },
      sourced,
      namespace,
      name: secretName,
      secretName,
      dnsNames: [...new Set(dnsNames)],
      ipAddresses: [],
      commonName: annotations["cert-manager.io/common-name"],
      isCa: false,
      durationSeconds: goDurationSeconds(annotations["cert-manager.io/duration"]) ?? DEFAULT_DURATION_SECONDS,
      usages: [],
      privateKey: { algorithm: annotations["cert-manager.io/private-key-algorithm"] ?? "RSA", size: undefined },
      issuerRef,
      issuer: this.#issuer(issuerRef, namespace),
      madeFor,
    }));
  }
}

/**
 * The issuer that a Gateway's or an Ingress' annotation names, or undefined.
 * @see https://cert-manager.io/docs/usage/gateway/ and https://cert-manager.io/docs/usage/ingress/
 */
export function annotatedIssuer(sourced: Sourced): { group: string; kind: string; name: string } | undefined {
  const annotations = textMap(sourced.object.metadata.annotations);
  const group = annotations["cert-manager.io/issuer-group"] ?? CERT_MANAGER_GROUP;
  const issuer = annotations["cert-manager.io/issuer"];
  if (issuer !== undefined)
    return { group, kind: annotations["cert-manager.io/issuer-kind"] ?? "Issuer", name: issuer };
  const clusterIssuer = annotations["cert-manager.io/cluster-issuer"];
  if (clusterIssuer !== undefined) return { group: CERT_MANAGER_GROUP, kind: "ClusterIssuer", name: clusterIssuer };
  return undefined;
}

function issuerKey(kind: string, namespace: string | null, name: string): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}

function readIssuer(
  sourced: Sourced,
  clusterSecrets: string,
  objects: ObjectIndex,
  resolver: CertificateResolver,
): Issuer {
  const { object } = sourced;
  const kind = object.kind === "ClusterIssuer" ? "ClusterIssuer" : "Issuer";
  const namespace = kind === "ClusterIssuer" ? null : namespaceOf(object);
  const { name } = object.metadata;
  const spec = fields(object.spec);
  const secretNamespace = namespace ?? clusterSecrets;
  return { ref: refOf(object), sourced, kind, namespace, name, source: source() };

  function source(): IssuerSource {
    if (spec.selfSigned !== undefined) return { type: "selfSigned" };
    if (spec.ca !== undefined) {
      const secretName = text(fields(spec.ca).secretName) ?? "";
      return {
        type: "ca",
        secretNamespace,
        secretName,
        secret: objects.get(KINDS.secret, secretNamespace, secretName),
        // Looked up when asked for: Certificates are read after issuers.
        get certificate() {
          return resolver.certificateFor(secretNamespace, secretName);
        },
      };
    }
    if (spec.vault !== undefined) return { type: "vault", vault: readVault(fields(spec.vault)) };
    if (spec.acme !== undefined) return { type: "acme" };
    return { type: spec.venafi === undefined ? "none" : "venafi" };
  }

  function readVault(vault: Fields): VaultIssuer {
    const path = text(vault.path) ?? "";
    const [, mount = "", role = ""] = /^(.+)\/sign(?:-verbatim)?\/([^/]+)$/.exec(path) ?? [];
    const server = text(vault.server) ?? "";
    const bundle = fields(vault.caBundleSecretRef);
    const bundleName = text(bundle.name);
    return {
      server,
      path,
      mount,
      role,
      auth: readAuth(fields(fields(vault.auth).kubernetes), server),
      caBundleSecret:
        bundleName === undefined
          ? undefined
          : { namespace: secretNamespace, name: bundleName, key: text(bundle.key) ?? "ca.crt" },
    };
  }

  /** @see https://cert-manager.io/docs/configuration/vault/ (the token's audiences) */
  function readAuth(auth: Fields, server: string): VaultKubernetesAuth | undefined {
    if (Object.keys(auth).length === 0) return undefined;
    const account = fields(auth.serviceAccountRef);
    const accountName = text(account.name);
    const own = namespace === null ? `vault://${name}` : `vault://${namespace}/${name}`;
    return {
      role: text(auth.role) ?? "",
      mountPath: (text(auth.mountPath) ?? text(auth.path) ?? "/v1/auth/kubernetes").replace(/^\/?v1\/auth\//, ""),
      serviceAccount: accountName === undefined ? undefined : { namespace: secretNamespace, name: accountName },
      audiences: [...textList(account.audiences), own, server],
    };
  }
}
