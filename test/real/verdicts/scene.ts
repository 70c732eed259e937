import { ManifestCertificates } from "../../../lab/gateway/certificates/manifest-certificates.ts";
import type { CertificateStore } from "../../../lab/gateway/certificates/store.ts";
import { ThrowAwayAuthority } from "../../../lab/gateway/certificates/throw-away.ts";
import { CertManager } from "../../../lab/issuing/cert-manager.ts";
import { IssuedCertificates } from "../../../lab/issuing/certificate-store.ts";
import { VaultStandIn } from "../../../lab/issuing/vault.ts";
import { fieldsAt, textMap } from "../../../lab/manifests/fields.ts";
import type { KubeObject, Sourced } from "../../../lab/manifests/object.ts";
import { promisedRequests } from "../../../lab/rehearsal/answers/requests.ts";
import type { Rehearsed } from "../../../lab/rehearsal/rehearse.ts";
import { knownOf } from "../../../lab/stack/known.ts";
import { prototypeOf, sourcedObjects } from "../../../lab/stack/topology.ts";
import type { Known } from "../../../lab/topology/known.ts";
import type { Topology } from "../../../lab/topology/model.ts";
import { buildTopology } from "../../../lab/topology/topology.ts";
import type { BrokenWire } from "../../wiring/broken-wires.ts";
import { validSet } from "../../wiring/example.ts";
import { knownSet } from "../../wiring/known.ts";

type Request = ReturnType<typeof promisedRequests>[number]["request"];

/** Kinds on which it depends whether a certificate is issued. */
const ISSUING = ["Certificate", "Issuer", "ClusterIssuer", "ServiceAccount", "Role", "RoleBinding"];
/** Where the example's Gateways have their addresses from. */
const POOL: KubeObject = {
  apiVersion: "metallb.io/v1beta1",
  kind: "IPAddressPool",
  metadata: { name: "pool", namespace: "metallb-system" },
  spec: { addresses: ["192.168.49.240-192.168.49.250"] },
};
/** What the CRD files bring; they are in the lab already. */
const BROUGHT = ["CustomResourceDefinition", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

/**
 * A set of objects as it is applied: with the Secrets that cert-manager would fill, which the rehearsal's issuer does here,
 * and for the rules' example with Istio's class in place of NGINX's and real PEM in place of placeholders.
 */
export class Scene {
  readonly topology: Topology;
  readonly store: CertificateStore;
  /** requests that the stack promises an answer of a backend to */
  readonly requests: readonly Request[];
  private readonly vault: VaultStandIn;
  private readonly known: Known;
  private readonly issued: IssuedCertificates;
  private readonly secrets = new Map<string, KubeObject>();
  private readonly more: readonly KubeObject[];
  private readonly pem: { readonly chain: string; readonly key: string };

  private constructor(
    objects: readonly Sourced[],
    known: Known,
    vault: VaultStandIn,
    requests: readonly Request[],
    pem: Scene["pem"],
    more: readonly KubeObject[] = [],
  ) {
    this.more = more;
    this.known = known;
    this.vault = vault;
    this.requests = requests;
    this.pem = pem;
    this.topology = buildTopology(objects, known);
    this.issued = new IssuedCertificates(new CertManager(this.topology, vault));
    this.store = new ManifestCertificates(this.topology.objects, this.issued);
  }

  static async ofStack(rehearsed: Rehearsed): Promise<Scene> {
    const requests = promisedRequests(rehearsed.outputs).map(({ request }) => request);
    const good = requests.filter(({ expect }) => expect.status === 200);
    const known = knownOf(prototypeOf(rehearsed));
    return new Scene(sourcedObjects(rehearsed), known, rehearsed.vault, good, await somePem());
  }

  static async ofExample(): Promise<Scene> {
    return new Scene(validSet(), knownSet(), new VaultStandIn(), [], await somePem(), [POOL]);
  }

  /** The objects of the set, or of the set as a wire breaks it, to be applied. */
  async objects(
    wire?: Pick<BrokenWire, "valid" | "broken">,
    which: "valid" | "broken" = "broken",
  ): Promise<KubeObject[]> {
    const sourced = wire === undefined ? this.topology.objects.objects : wire[which];
    const objects = sourced.map(({ object }) => object).filter(({ kind }) => !BROUGHT.includes(kind));
    const applicable = [...objects.map((object) => this.applicable(object)), ...this.more];
    if (issuingPart(sourced) === issuingPart(this.topology.objects.objects))
      return [...applicable, ...(await this.filled(this.topology, this.issued))];
    const topology = buildTopology(sourced, this.known);
    const issued = new IssuedCertificates(new CertManager(topology, this.vault));
    return [...applicable, ...(await this.filled(topology, issued))];
  }

  /** The Secrets that a Certificate fills; one that was filled before is not filled anew. */
  private async filled(topology: Topology, issued: IssuedCertificates): Promise<KubeObject[]> {
    const secrets: KubeObject[] = [];
    for (const { namespace, secretName: name } of topology.certificates) {
      const answer = await issued.certificate({ namespace, name });
      if ("refused" in answer) continue;
      const key = `${namespace}/${name}`;
      const secret = this.secrets.get(key) ?? {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        type: "kubernetes.io/tls",
        stringData: { "tls.crt": answer.chain, "tls.key": answer.key },
      };
      this.secrets.set(key, secret);
      secrets.push(secret);
    }
    return secrets;
  }

  private applicable(object: KubeObject): KubeObject {
    const copy = structuredClone(object);
    if (copy.kind === "Gateway") {
      const spec = fieldsAt(copy.spec);
      if (spec.gatewayClassName === "nginx") spec.gatewayClassName = "istio";
    }
    if (copy.kind === "Secret" && textMap(copy.stringData)["tls.crt"] === "a") {
      const filled = { "tls.crt": this.pem.chain, "tls.key": this.pem.key };
      const keys = Object.keys(textMap(copy.stringData));
      copy.stringData = Object.fromEntries(Object.entries(filled).filter(([key]) => keys.includes(key)));
    }
    if (copy.kind === "ConfigMap" && textMap(copy.data)["ca.crt"] === "PEM") copy.data = { "ca.crt": this.pem.chain };
    return copy;
  }
}

/** What of a set decides on its certificates, to be compared. */
function issuingPart(sourced: readonly Sourced[]): string {
  const asks = ({ kind, metadata }: KubeObject) =>
    ISSUING.includes(kind) || Object.keys(metadata.annotations ?? {}).some((key) => key.startsWith("cert-manager.io/"));
  return JSON.stringify(sourced.map(({ object }) => object).filter(asks));
}

/** Any valid certificate and key. */
async function somePem(): Promise<Scene["pem"]> {
  const use = { namespace: "example", name: "placeholder", hostnames: ["a.example.com"], declared: true };
  const answer = await (await ThrowAwayAuthority.create()).certificate(use, undefined);
  if ("refused" in answer) throw new Error(answer.refused);
  return answer;
}
