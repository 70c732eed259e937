import { fields } from "../manifests/fields.ts";
import { type KubeObject, refOf } from "../manifests/object.ts";
import type { Certificate, Issuer } from "../topology/model.ts";
import { conditionsOf, conditionText, failing, statusOf } from "./conditions.ts";
import type { Broken } from "./diagnosis.ts";
import { podsOf, podTrouble } from "./pods.ts";

interface Words {
  readonly pattern: RegExp;
  readonly meaning: string;
  readonly trouble: string;
}

/** What cert-manager and Vault say, and what it means here. */
const words: readonly Words[] = [
  {
    pattern: /sealed/i,
    meaning: "Vault is sealed; the unsealer opens it within seconds when its Secret vault/vault-unseal is there",
    trouble: "T11",
  },
  {
    pattern: /invalid audience|aud.*claim|audience/i,
    meaning: "Vault's role demands another audience than cert-manager asks for, vault://<namespace>/<issuer>",
    trouble: "T6",
  },
  {
    pattern: /invalid role name/i,
    meaning: "the issuer logs in to Vault with a role, and Vault knows no role of that name below auth/kubernetes",
    trouble: "T6",
  },
  {
    pattern: /service account name not authorized|namespace not authorized|permission denied|403/i,
    meaning:
      "Vault refuses the login or the signature: the role is bound to another account, or its policy allows another path",
    trouble: "T6",
  },
  {
    pattern: /cannot create resource "serviceaccounts\/token"|serviceaccounts.*forbidden/i,
    meaning: "cert-manager may not mint a token for the issuer's ServiceAccount; Role and RoleBinding are missing",
    trouble: "T7",
  },
  {
    pattern: /serviceaccounts "[^"]*" not found/i,
    meaning: "the issuer logs in as a ServiceAccount that is not there",
    trouble: "T7",
  },
  {
    pattern: /not allowed by this role/i,
    meaning: "the role in Vault does not allow a name in the certificate; add its domain to allowedDomains",
    trouble: "T10",
  },
  {
    pattern: /has expired or is not yet valid/i,
    meaning:
      "a certificate is not valid at the cluster's time: it has expired, or a clock is wrong; compare `date` here and in the node",
    trouble: "T10",
  },
  {
    pattern: /x509|certificate signed by unknown authority|tls:|no Vault CA bundles loaded/i,
    meaning:
      "the TLS between cert-manager and the authority fails: wrong CA bundle, or a name the server's certificate lacks",
    trouble: "T10",
  },
  {
    pattern: /no such host|connection refused|context deadline|i\/o timeout|network is unreachable/i,
    meaning: "cert-manager cannot reach the authority",
    trouble: "T11",
  },
];

/** From a Secret that should be there to the first thing that keeps it from being made; undefined when all is well. */
export function certificateTrouble(objects: readonly KubeObject[], certificate: Certificate): Broken | undefined {
  const object = certificate.sourced.object;
  const issuerTroubleFound = issuerTrouble(objects, certificate);
  const notReady = failing(conditionsOf(statusOf(object)), ["Ready"]);
  const never = conditionsOf(statusOf(object)).length === 0;
  if (!notReady && !never) return undefined;
  if (issuerTroubleFound) return issuerTroubleFound;
  const request = lastRequest(objects, certificate);
  const said = request && failing(conditionsOf(statusOf(request)), ["Ready", "Approved"]);
  const status = said
    ? conditionText(said)
    : notReady
      ? conditionText(notReady)
      : "it has no status: cert-manager has not looked at it";
  return {
    from: refOf(request ?? object),
    to: certificate.issuer?.ref ?? null,
    status,
    meaning:
      meaningOf(status)?.meaning ??
      (never ? "cert-manager does not run, or does not see it" : "the certificate has not been issued"),
    next: `kubectl -n ${certificate.namespace} describe ${request ? `certificaterequest ${request.metadata.name}` : `certificate ${certificate.name}`}`,
    trouble: meaningOf(status)?.trouble ?? "T8",
  };
}

function issuerTrouble(objects: readonly KubeObject[], certificate: Certificate): Broken | undefined {
  const { issuer, issuerRef } = certificate;
  if (!issuer) {
    return {
      from: certificate.ref,
      to: {
        kind: issuerRef.kind,
        namespace: issuerRef.kind === "ClusterIssuer" ? null : certificate.namespace,
        name: issuerRef.name,
      },
      status: `${issuerRef.kind} ${issuerRef.name} does not exist`,
      meaning: "the certificate names an issuer that is not there; an Issuer serves only its own namespace",
      next: `kubectl -n ${certificate.namespace} get issuers`,
    };
  }
  const condition = failing(conditionsOf(statusOf(issuer.sourced.object)), ["Ready"]);
  if (!condition) return undefined;
  return vaultPodTrouble(objects, issuer) ?? notReady(issuer, conditionText(condition));
}

function notReady(issuer: Issuer, status: string): Broken {
  const known = meaningOf(status);
  const scope = issuer.namespace === null ? "" : `-n ${issuer.namespace} `;
  return {
    from: issuer.ref,
    to: null,
    status,
    meaning: known?.meaning ?? "the issuer is not ready",
    next: `kubectl ${scope}describe ${issuer.kind.toLowerCase()} ${issuer.name}`,
    ...(known ? { trouble: known.trouble } : {}),
  };
}

/** A Vault issuer that is not ready is most often one whose servers are sealed or not there. */
function vaultPodTrouble(objects: readonly KubeObject[], { source }: Issuer): Broken | undefined {
  if (source.type !== "vault") return undefined;
  const servers = podsOf(objects, "vault", { component: "server" });
  for (const pod of servers) {
    const trouble = podTrouble(pod, objects);
    if (!trouble) continue;
    const sealed = fields(pod.metadata.labels)["vault-sealed"] === "true";
    return {
      ...trouble,
      status: sealed ? `the pod says vault-sealed=true; ${trouble.status}` : trouble.status,
      meaning: sealed
        ? (words[0]?.meaning ?? "")
        : "a Vault server is not ready: not initialised, sealed, or not started",
      next: `kubectl -n vault exec ${pod.metadata.name} -c vault -- vault status; kubectl -n vault logs deployment/vault-unsealer`,
      trouble: "T11",
    };
  }
  return undefined;
}

function meaningOf(status: string): Words | undefined {
  return words.find(({ pattern }) => pattern.test(status));
}

/** cert-manager writes the Certificate's name into an annotation of its requests. */
function lastRequest(objects: readonly KubeObject[], { namespace, name }: Certificate): KubeObject | undefined {
  const revision = (object: KubeObject) =>
    Number(fields(object.metadata.annotations)["cert-manager.io/certificate-revision"] ?? 0);
  return objects
    .filter(({ kind, metadata }) => kind === "CertificateRequest" && metadata.namespace === namespace)
    .filter(({ metadata }) => fields(metadata.annotations)["cert-manager.io/certificate-name"] === name)
    .sort((a, b) => revision(b) - revision(a))[0];
}
