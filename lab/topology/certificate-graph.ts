import { KINDS } from "../manifests/object-index.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import type { Authority } from "./graph-model.ts";
import type { Certificate, Issuer, Model } from "./model.ts";
import { podReferences } from "./pod-references.ts";

/** Adds who uses which Secret, which Certificate fills it, and the chain from there up to an authority. */
export function drawCertificates(model: Model, graph: GraphBuilder): void {
  const chain = new CertificateGraph(model, graph);
  for (const gateway of model.gateways) {
    for (const listener of gateway.listeners) {
      for (const { namespace, name, resolution } of listener.tls?.certificates ?? []) {
        chain.use(`listener/${listener.id}`, namespace, name, resolution.reason);
      }
    }
  }
  for (const ingress of model.ingresses) {
    for (const { certificate } of ingress.tls) {
      if (certificate === undefined) continue;
      const from = `route/Ingress/${ingress.namespace}/${ingress.name}`;
      chain.use(from, certificate.namespace, certificate.name, certificate.resolution.reason);
    }
  }
  const pods = new Map<string, string[]>();
  for (const node of graph.graph.nodes) {
    if (node.type !== "pod" || node.workload === undefined) continue;
    const at = `${node.workload.kind}/${node.workload.namespace}/${node.workload.name}`;
    pods.set(at, [...(pods.get(at) ?? []), node.id]);
  }
  for (const workload of model.workloads) {
    for (const { kind, name } of podReferences(workload)) {
      if (kind !== "Secret" || model.certificateRefs.certificateFor(workload.namespace, name) === undefined) continue;
      const users = pods.get(`${workload.kind}/${workload.namespace}/${workload.name}`) ?? [];
      for (const from of users) chain.use(from, workload.namespace, name, undefined);
    }
  }
  for (const certificate of model.certificates) chain.certificate(certificate);
}

class CertificateGraph {
  readonly #model: Model;
  readonly #graph: GraphBuilder;

  constructor(model: Model, graph: GraphBuilder) {
    this.#model = model;
    this.#graph = graph;
  }

  use(from: string, namespace: string, secretName: string, reason: string | undefined): void {
    const to = this.#secret(namespace, secretName);
    this.#graph.edge("", { type: "uses", from, to, ok: reason === undefined, reason });
  }

  certificate(certificate: Certificate): void {
    const { namespace, name, issuer, issuerRef } = certificate;
    const id = this.#graph.node(`certificate/${namespace}/${name}`, {
      type: "certificate",
      certificate,
      namespace,
      label: name,
      ref: certificate.ref,
      sourced: certificate.sourced,
    });
    const secret = this.#secret(namespace, certificate.secretName);
    this.#graph.edge("", { type: "fills", from: secret, to: id, ok: true, reason: undefined });
    const found = issuer !== undefined || issuerRef.group !== "cert-manager.io";
    const to = issuer === undefined ? this.#missingIssuer(certificate) : this.#issuer(issuer);
    const reason = found ? undefined : "IssuerNotFound";
    this.#graph.edge("", { type: "issues", from: id, to, ok: found, reason });
  }

  #secret(namespace: string, name: string): string {
    return this.#graph.node(`secret/${namespace}/${name}`, {
      type: "secret",
      secretName: name,
      namespace,
      label: name,
      ref: { kind: "Secret", namespace, name },
      sourced: this.#model.objects.get(KINDS.secret, namespace, name),
    });
  }

  #missingIssuer({ issuerRef, namespace }: Certificate): string {
    const at = issuerRef.kind === "ClusterIssuer" ? null : namespace;
    return this.#graph.node(`issuer/${issuerRef.kind}/${at ?? ""}/${issuerRef.name}`, {
      type: "issuer",
      issuer: undefined,
      namespace: at,
      label: issuerRef.name,
      ref: { kind: issuerRef.kind, namespace: at, name: issuerRef.name },
      sourced: undefined,
    });
  }

  #issuer(issuer: Issuer): string {
    const from = this.#graph.node(`issuer/${issuer.kind}/${issuer.namespace ?? ""}/${issuer.name}`, {
      type: "issuer",
      issuer,
      namespace: issuer.namespace,
      label: issuer.name,
      ref: issuer.ref,
      sourced: issuer.sourced,
    });
    const { source } = issuer;
    if (source.type === "ca") {
      const to = this.#secret(source.secretNamespace, source.secretName);
      this.#graph.edge("", { type: "signs", from, to, ok: true, reason: undefined });
      return from;
    }
    const to =
      source.type === "vault"
        ? this.#vault(source.vault.mount, source.vault.role)
        : this.#authority(
            source.type === "selfSigned" ? { type: "self-signed" } : { type: "external", name: source.type },
            source.type,
          );
    this.#graph.edge("", { type: "signs", from, to, ok: true, reason: undefined });
    return from;
  }

  /** A Vault mount (with the role that signs) and, above it, the mounts that signed it. */
  #vault(mount: string, role: string | undefined): string {
    const configured = this.#model.known.vault?.mounts[mount];
    const id = this.#authority(
      {
        type: "vault",
        mount,
        role,
        commonName: configured?.commonName,
        ttlSeconds: configured?.ttlSeconds,
        maxTtlSeconds: role === undefined ? undefined : configured?.roles[role]?.maxTtlSeconds,
      },
      role === undefined ? `vault/${mount}` : `vault/${mount}/${role}`,
    );
    const above = configured?.issuerMount;
    if (above !== undefined && above !== mount) {
      this.#graph.edge("", { type: "signs", from: id, to: this.#vault(above, undefined), ok: true, reason: undefined });
    }
    return id;
  }

  #authority(authority: Authority, name: string): string {
    return this.#graph.node(`authority/${name}`, {
      type: "authority",
      authority,
      namespace: null,
      label: authority.type === "vault" ? `Vault ${authority.mount}` : name === "selfSigned" ? "self-signed" : name,
      ref: undefined,
      sourced: undefined,
    });
  }
}
