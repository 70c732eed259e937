import { formatRef, refOf, type Sourced } from "../manifests/object.ts";
import { KINDS, type Lookup, type ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown } from "../manifests/unknown.ts";
import type { GrantFrom, GrantTo, ReferenceGrants } from "./grants.ts";
import type { Certificate, CertificateResolution } from "./model.ts";

export const GATEWAY_GROUP = "gateway.networking.k8s.io";

/** Finds what a certificateRef leads to. Certificates may still be added while Gateways are read. */
export class CertificateResolver {
  readonly #objects: ObjectIndex;
  readonly #grants: ReferenceGrants;
  readonly #provided: ReadonlySet<string>;
  readonly #bySecret = new Map<string, Certificate>();
  /** Namespaces ("" = every) with a Certificate whose Secret is not known yet. */
  readonly #undecided = new Set<string>();

  constructor(objects: ObjectIndex, grants: ReferenceGrants, provided: ReadonlySet<string> = new Set()) {
    this.#objects = objects;
    this.#grants = grants;
    this.#provided = provided;
  }

  /** Makes a Certificate known as the one that fills its Secret; an explicit one is never replaced. */
  add(certificate: Certificate): void {
    if (isUnknown(certificate.namespace)) this.#undecided.add("");
    else if (isUnknown(certificate.secretName)) this.#undecided.add(certificate.namespace);
    const key = `${certificate.namespace}/${certificate.secretName}`;
    if (!this.#bySecret.has(key)) this.#bySecret.set(key, certificate);
  }

  /** The Certificate that fills a Secret. */
  certificateFor(namespace: string, secretName: string): Certificate | undefined {
    return this.#bySecret.get(`${namespace}/${secretName}`);
  }

  /** Whether a Secret exists or will: as an object, by a Certificate, or by a chart; "unknown" while names are not known. */
  secretState(namespace: string, name: string): Lookup["state"] {
    if (this.certificateFor(namespace, name) !== undefined) return "found";
    if (this.#provided.has(`Secret/${namespace}/${name}`)) return "found";
    const { state } = this.#objects.lookup(KINDS.secret, namespace, name);
    if (state !== "missing") return state;
    return this.#undecided.has("") || this.#undecided.has(namespace) ? "unknown" : "missing";
  }

  /**
   * Resolves a reference of a Gateway, ListenerSet or Ingress. Whether it is permitted is told before whether the
   * Secret exists, so that a missing grant does not give that away (GEP-709).
   */
  resolve(from: GrantFrom, to: GrantTo): CertificateResolution {
    const bad = (reason: CertificateResolution["reason"], detail: string): CertificateResolution => {
      return { reason, detail, secret: undefined, certificate: undefined };
    };
    if ((to.group !== "" && to.group !== "core") || to.kind !== "Secret") {
      return bad(
        "InvalidCertificateRef",
        `refers to ${to.group === "" ? "" : `${to.group}/`}${to.kind}, not to a Secret`,
      );
    }
    if (!this.#grants.permits(from, to)) {
      return bad("RefNotPermitted", `no ReferenceGrant in namespace ${to.namespace} lets it`);
    }
    const certificate = this.certificateFor(to.namespace, to.name);
    const found = this.#objects.get(KINDS.secret, to.namespace, to.name);
    if (this.secretState(to.namespace, to.name) === "missing") {
      return bad("InvalidCertificateRef", `there is no Secret ${to.namespace}/${to.name}, and no Certificate makes it`);
    }
    if (certificate !== undefined || found === undefined) {
      return { reason: undefined, detail: "", secret: found, certificate };
    }
    const problem = tlsSecretProblem(found);
    const reason = problem === undefined ? undefined : "InvalidCertificateRef";
    return { reason, detail: problem ?? "", secret: found, certificate: undefined };
  }
}

/** What keeps a Secret from being a TLS Secret, or undefined. */
function tlsSecretProblem(secret: Sourced): string | undefined {
  const { type, data, stringData } = secret.object;
  const name = formatRef(refOf(secret.object));
  if (type !== "kubernetes.io/tls") return `${name} is of type ${type ?? "Opaque"}, not kubernetes.io/tls`;
  const isMap = (value: unknown) => typeof value === "object" && value !== null;
  if ([data, stringData].some((part) => part !== undefined && part !== null && !isMap(part))) return undefined;
  const keys = new Set([...Object.keys(data ?? {}), ...Object.keys(stringData ?? {})]);
  const missing = ["tls.crt", "tls.key"].filter((key) => !keys.has(key));
  return missing.length > 0 ? `${name} lacks ${missing.join(" and ")}` : undefined;
}
