import { ManifestCertificates } from "../../../lab/gateway/certificates/manifest-certificates.ts";
import type { CertificateStore } from "../../../lab/gateway/certificates/store.ts";
import { CertManager } from "../../../lab/issuing/cert-manager.ts";
import { IssuedCertificates } from "../../../lab/issuing/certificate-store.ts";
import { toPem } from "../../../lab/issuing/x509.ts";
import { type Fields, fieldsAt, fieldsList, text } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Answer, ProbeRequest } from "../../../lab/probe/model.ts";
import { probe } from "../../../lab/probe/probe.ts";
import type { Rehearsed } from "../../../lab/rehearsal/rehearse.ts";
import { topologyOf } from "../../../lab/stack/topology.ts";
import type { Topology } from "../../../lab/topology/model.ts";
import { ControlPlane } from "../cluster/control-plane.ts";
import { installCrds } from "../cluster/crds.ts";
import { eventually } from "../lab/wait.ts";
import { inDependencyOrder, rehearsalOf } from "../program/registrations.ts";
import { AppliedObjects } from "./applied.ts";
import { PodBackends } from "./backends.ts";
import { GatewayEnvoy } from "./envoy.ts";
import { Istiod, type IstiodOptions } from "./istiod.ts";
import { MetalLbController } from "./metallb.ts";
import { SimulatedNode } from "./node.ts";

export const GATEWAY_API = "gateway.networking.k8s.io/v1";

/**
 * A stack on the real API server, istiod, MetalLB controller and one Envoy for each of its Gateways. Stood in for are the
 * kubelet (kwok), ztunnel (not run) and the images (the rehearsal's backends, at the pods' addresses); cert-manager, too,
 * where a test does not run its controllers: then Secrets are filled by the rehearsal's issuer.
 */
export class GatewayLab {
  readonly plane: ControlPlane;
  readonly istiod: Istiod;
  rehearsed!: Rehearsed;
  topology!: Topology;
  readonly envoys: GatewayEnvoy[] = [];
  private store!: CertificateStore;
  private readonly node: SimulatedNode;
  private readonly metallb: MetalLbController;
  private backends: PodBackends | null = null;
  private started = 0;
  private readonly applied: AppliedObjects;

  constructor(name: string, options: IstiodOptions = {}) {
    this.plane = new ControlPlane(name, name);
    this.applied = new AppliedObjects(this.plane.client);
    this.node = new SimulatedNode(this.plane);
    this.istiod = new Istiod(this.plane, options);
    this.metallb = new MetalLbController(this.plane);
  }

  /** Boots control plane, node and controllers. */
  async start(): Promise<this> {
    await this.plane.start();
    await Promise.all([
      this.node.start(),
      ...["gatewayApi", "certManager", "metallb", "istio"].map((project) => installCrds(this.plane.client, project)),
    ]);
    await Promise.all([this.istiod.start(), this.metallb.start()]);
    return this;
  }

  async stop(): Promise<void> {
    await this.backends?.close();
    await Promise.all(this.envoys.map((envoy) => envoy.stop()));
    await Promise.all([this.istiod.service.stop(), this.metallb.service.stop()]);
    await this.node.stop();
    await this.plane.stop();
  }

  /** Applies a stack's objects in the program's order; `config` replaces values of the stack file. */
  async apply(stack: string, config: Fields = {}): Promise<void> {
    this.rehearsed = await rehearsalOf(stack, config);
    this.topology = topologyOf(this.rehearsed);
    for (const { object } of inDependencyOrder(this.rehearsed.registrations)) await this.must(object);
  }

  /** Stops what answers and takes away what was applied: another stack may follow. */
  async clear(): Promise<void> {
    await this.backends?.close();
    this.backends = null;
    await Promise.all(this.envoys.splice(0).map((envoy) => envoy.stop()));
    await this.applied.clear();
  }

  /**
   * Applies a stack's objects, has its Certificates' Secrets filled and starts what answers.
   *
   * @param fill who issues; the rehearsal's issuer unless told otherwise
   */
  async play(stack: string, fill: () => Promise<CertificateStore> = () => this.fillAsRehearsed()): Promise<void> {
    await this.apply(stack);
    const issued = await fill();
    await this.answer(this.topology, new ManifestCertificates(this.topology.objects, issued), this.gateways());
  }

  private async fillAsRehearsed(): Promise<CertificateStore> {
    const certManager = new CertManager(this.topology, this.rehearsed.vault);
    const issued = new IssuedCertificates(certManager);
    for (const certificate of this.topology.certificates) {
      const { namespace, secretName: name } = certificate;
      const answer = await issued.certificate({ namespace, name });
      if ("refused" in answer) throw new Error(`certificate ${namespace}/${name}: ${answer.refused}`);
      const issuing = await certManager.issue(certificate);
      const authority = "authority" in issuing ? { "ca.crt": toPem(issuing.authority) } : {};
      const stringData = { ...authority, "tls.crt": answer.chain, "tls.key": answer.key };
      await this.must({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        type: "kubernetes.io/tls",
        stringData,
      });
    }
    return issued;
  }

  /**
   * Starts what answers for a topology that has been applied: backends at the pods' addresses, an Envoy per Gateway. What
   * answered before and has no pod any more is stopped.
   */
  async answer(topology: Topology, store: CertificateStore, gateways: readonly KubeObject[]): Promise<void> {
    this.store = store;
    await this.backends?.close();
    this.backends = await PodBackends.start(this.plane, topology, store);
    for (const gateway of gateways) await this.startEnvoy(gateway);
  }

  /** The stack's Gateways of class istio, as declared. */
  gateways(): KubeObject[] {
    const objects = this.rehearsed.registrations.flatMap(({ object }) => (object ? [object] : []));
    return objects.filter(({ kind, spec }) => kind === "Gateway" && fieldsAt(spec).gatewayClassName === "istio");
  }

  /** An object as the API server has it now. */
  async live({ apiVersion, kind, metadata }: KubeObject): Promise<KubeObject> {
    return (await this.plane.client.get(apiVersion, kind, metadata.namespace ?? "default", metadata.name)).body;
  }

  /** Makes a request through the real Envoy of the Gateway that the request names, at the Gateway's own address. */
  async ask(request: ProbeRequest): Promise<Answer> {
    const [namespace, name] = (request.gateway ?? "").split("/");
    const envoy = this.envoys.find(({ of }) => of.namespace === namespace && of.gateway === name);
    if (!envoy) throw new Error(`no Envoy runs for Gateway ${request.gateway}`);
    return probe(request, { host: await this.addressOf(envoy), port: request.port, trusted: this.store.trusted() });
  }

  private async addressOf({ of }: GatewayEnvoy): Promise<string> {
    const { body } = await this.plane.client.get("v1", "Service", of.namespace, `${of.gateway}-istio`);
    const [balancer] = fieldsList(fieldsAt(body, "status", "loadBalancer").ingress);
    return text(balancer?.ip) ?? of.address;
  }

  /** The Envoy at the Gateway's present pod; one that runs there already is left alone. */
  private async startEnvoy({ metadata: { name: gateway, namespace = "default" } }: KubeObject): Promise<void> {
    const selector = `gateway.networking.k8s.io%2Fgateway-name%3D${gateway}`;
    const pod = await eventually(`the pod of Gateway ${namespace}/${gateway}`, 60, async () => {
      const { body } = await this.plane.client.send(
        "GET",
        `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`,
      );
      const items: KubeObject[] = body.items ?? [];
      return items.find(
        ({ status, metadata }) =>
          metadata.deletionTimestamp === undefined &&
          fieldsAt(status).phase === "Running" &&
          text(fieldsAt(status).podIP) !== undefined,
      );
    });
    const former = this.envoys.findIndex(({ of }) => of.namespace === namespace && of.gateway === gateway);
    if (this.envoys[former]?.of.pod === pod.metadata.name) return;
    if (former >= 0) await this.envoys.splice(former, 1)[0]?.stop();
    const envoy = new GatewayEnvoy(this.plane, this.started++, {
      namespace,
      gateway,
      pod: pod.metadata.name,
      address: String(fieldsAt(pod.status).podIP),
      account: String(fieldsAt(pod.spec).serviceAccountName),
    });
    this.envoys.push(envoy);
    await envoy.start();
    const { body } = await this.plane.client.get("v1", "Service", namespace, `${gateway}-istio`);
    if (fieldsAt(body.spec).type === "LoadBalancer") await this.takeAddress(envoy);
  }

  /** Gives an Envoy the address that its Gateway's Service has been given, as soon as it has one. */
  async takeAddress(envoy: GatewayEnvoy): Promise<void> {
    const { namespace, gateway } = envoy.of;
    const address = await eventually(`an address for Gateway ${namespace}/${gateway}`, 30, async () => {
      const service = (await this.plane.client.get("v1", "Service", namespace, `${gateway}-istio`)).body;
      const [balancer] = fieldsList(fieldsAt(service, "status", "loadBalancer").ingress);
      return text(balancer?.ip);
    });
    await envoy.takeAddress(address);
  }

  /** Applies an object; throws with the API server's words when it is refused. */
  must(object: KubeObject): Promise<KubeObject> {
    return this.applied.apply(object);
  }
}

/** Conditions of a status as "Type=Status" or "Type=Status Reason", by type. */
export function conditionsOf(status: unknown): Record<string, string> {
  return Object.fromEntries(
    fieldsList(fieldsAt(status).conditions).map(({ type, status: met }) => [String(type), String(met)]),
  );
}
