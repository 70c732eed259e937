import { X509Certificate } from "node:crypto";
import { fields, text } from "../../manifests/fields.ts";
import { formatRef, type Ref, type Sourced } from "../../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../../manifests/object-index.ts";
import { secretText } from "../../manifests/secret-text.ts";
import { type TlsPairProblem, tlsPairProblem } from "../../manifests/tls-pair.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { annotatedIssuer } from "../../topology/certificates.ts";
import { ANY_HOST, certificateCovers } from "../../topology/hostnames.ts";
import type { CertificateRef, Listener, Topology } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";
import { listed, nearest } from "../names.ts";

/** W11–W14: each certificateRef of a listener leads to a TLS Secret that it may use and that is good for its hosts. */
export function certificateRefs(topology: Topology): Finding[] {
  const owners = [...topology.gateways, ...topology.listenerSets.filter(({ accepted }) => !accepted)];
  return owners
    .flatMap(({ listeners }) => listeners)
    .filter((listener) => listener.protocol === "HTTPS" || listener.protocol === "TLS")
    .filter((listener) => listener.tls?.mode === "Terminate")
    .flatMap((listener) => {
      const broken = (listener.tls?.certificates ?? []).flatMap((ref, index) => [
        ...brokenRef(listener, ref, topology.objects),
        ...unreadable(listener, ref, index),
      ]);
      return broken.length > 0 ? broken : uncovered(listener);
    });
}

function brokenRef(listener: Listener, ref: CertificateRef, objects: ObjectIndex): Finding[] {
  const { reason, detail } = ref.resolution;
  if (reason === undefined) return [];
  const from = listener.owner.ref;
  const to: Ref = { kind: ref.kind, namespace: ref.namespace, name: ref.name };
  const found = (rule: string, fix: string) => {
    const message = `listener ${listener.name}: its certificateRef ${ref.namespace}/${ref.name} is refused (${reason}): ${detail}`;
    return [error(rule, { from, to, message, fix })];
  };
  if (ref.kind !== "Secret" || (ref.group !== "" && ref.group !== "core")) {
    return found("W11", 'refer to a TLS Secret: kind: Secret, group: ""');
  }
  if (reason === "RefNotPermitted") {
    return found(
      "W13",
      `add a ReferenceGrant in namespace ${ref.namespace}: from [{ group: gateway.networking.k8s.io, kind: ${from.kind}, namespace: ${listener.namespace} }] to [{ group: "", kind: Secret, name: ${ref.name} }]`,
    );
  }
  if (ref.resolution.secret !== undefined) {
    return found("W12", "make the Secret of type kubernetes.io/tls, with keys tls.crt and tls.key");
  }
  // Where cert-manager would make the Secret if the listener had a hostname, that is what is told (W38).
  if (listener.hostname === undefined && annotatedIssuer(listener.owner.sourced) !== undefined) return [];
  const makes = [
    ...objects.all(KINDS.secret).map(({ object }) => object),
    ...objects.all(KINDS.certificate).map(({ object }) => object),
  ].filter((object) => (object.metadata.namespace ?? "default") === ref.namespace);
  const names = makes.map((object) =>
    object.kind === "Secret" ? object.metadata.name : (text(fields(object.spec).secretName) ?? ""),
  );
  const meant = nearest(ref.name, names);
  return found(
    "W12",
    meant === undefined
      ? `add a Certificate in namespace ${ref.namespace} with spec.secretName: ${ref.name}, or the Secret itself`
      : `set certificateRefs: [{ name: ${meant} }], or make Secret ${ref.name}`,
  );
}

/** W12: a Secret of the right type and keys, whose certificate or key cannot be used. */
function unreadable(listener: Listener, ref: CertificateRef, index: number): Finding[] {
  const problem = pairProblem(ref);
  if (problem === undefined) return [];
  const to: Ref = { kind: "Secret", namespace: ref.namespace, name: ref.name };
  const message = `listener ${listener.name}: its certificateRef ${ref.namespace}/${ref.name} is refused (InvalidCertificateRef): ${problem.key} of ${formatRef(to)} ${problem.what}`;
  const path = `/spec/listeners/${listener.index}/tls/certificateRefs/${index}`;
  return [error("W12", { from: listener.owner.ref, to, message, fix: problem.fix, path, toPath: problem.path })];
}

/** What is wrong with the pair in the Secret itself; one that a Certificate fills is made anew by cert-manager. */
export function pairProblem({ resolution }: CertificateRef): TlsPairProblem | undefined {
  const { reason, secret, certificate } = resolution;
  if (reason !== undefined || secret === undefined || certificate !== undefined) return undefined;
  return tlsPairProblem(secret.object, secretText(secret.object));
}

/** W14: the names of the listener's certificates against the hosts its routes answer on, as a browser compares them. */
function uncovered(listener: Listener): Finding[] {
  const refs = listener.tls?.certificates ?? [];
  const named = refs.map((ref) => namesOf(ref));
  if (named.length === 0 || named.some((names) => names === undefined)) return [];
  const names = named.flatMap((all) => all ?? []);
  const hosts = new Set(listener.attachments.flatMap(({ hostnames }) => hostnames));
  if (hosts.size === 0 && listener.hostname !== undefined) hosts.add(listener.hostname);
  return [...hosts].flatMap((host) => {
    if (host === ANY_HOST || isUnknown(host) || names.some((name) => certificateCovers(name, host))) return [];
    const [ref] = refs;
    const certificate = ref?.resolution.certificate;
    const to = certificate?.ref ?? { kind: "Secret", namespace: ref?.namespace ?? null, name: ref?.name ?? "" };
    const message = `listener ${listener.name} answers for ${host}, but its certificate is for ${listed(names, "no name")}: clients will refuse it ("*" stands for one label)`;
    return [
      warning("W14", { from: listener.owner.ref, to, message, fix: `add ${host} to the certificate's dnsNames` }),
    ];
  });
}

/** The DNS names of what a certificateRef leads to; undefined when the set does not say. */
export function namesOf(ref: CertificateRef): readonly string[] | undefined {
  const { certificate, secret } = ref.resolution;
  if (certificate !== undefined) {
    const names = certificate.dnsNames;
    if (names.some(isUnknown) || isUnknown(fields(certificate.sourced.object.spec).dnsNames)) return undefined;
    return names.length > 0 || certificate.commonName === undefined ? names : [certificate.commonName.toLowerCase()];
  }
  return secret === undefined ? undefined : namesInSecret(secret);
}

function namesInSecret({ object }: Sourced): string[] | undefined {
  const { "tls.crt": pem } = secretText(object);
  if (pem === undefined) return undefined;
  try {
    const names = new X509Certificate(pem).subjectAltName ?? "";
    return [...names.matchAll(/DNS:([^,\s]+)/g)].map(([, name = ""]) => name.toLowerCase());
  } catch {
    // A placeholder instead of a certificate: nothing can be said of its names.
    return undefined;
  }
}
