import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fieldsAt, fieldsList, text, textMap } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Registration } from "../../../lab/rehearsal/engine/registration.ts";
import { API_ADDRESS, ControlPlane } from "../cluster/control-plane.ts";
import { Container, type Mount, makeImage } from "../lab/container.ts";
import { context, program } from "../lab/context.ts";
import { makePodNetwork, Pod } from "../lab/pod.ts";
import { eventually } from "../lab/wait.ts";
import { inDependencyOrder } from "../program/registrations.ts";
import { chartObjects, podObject, serverContainer } from "./chart.ts";

const NAMESPACE = "vault";

/** One Vault server: its pod, its volume, and the container that runs in it now. */
interface Server {
  readonly pod: Pod;
  readonly volume: string;
  container: Container;
}

/**
 * Real Vault servers as a stack's registrations describe them: the Release's values make their configuration, the registered
 * Secret their listener certificate, the registered Deployment the unsealer. Stood in for are Helm (chart.ts), the kubelet
 * (this file starts containers and writes pod status) and `kubectl exec` (cluster/kubectl.sh).
 */
export class VaultLab {
  readonly plane: ControlPlane;
  readonly servers: Server[] = [];
  readonly directory: string;
  /** Every call of kubectl that a step made, a line each, its words in quotes. */
  readonly kubectlLog: string;
  private readonly registrations: readonly Registration[];
  private readonly hosts: string;
  private readonly bin: string;
  private readonly extraHosts = new Map<string, string>();
  private unsealer: { readonly pod: Pod; readonly container: Container } | null = null;
  private readonly base: number;

  /** `index` tells labs of one part apart: it goes into addresses and names. `plane`: one that other parts of a lab share. */
  constructor(stack: string, index: number, registrations: readonly Registration[], plane?: ControlPlane) {
    this.registrations = registrations;
    this.base = index;
    this.directory = join(context().directory, stack);
    mkdirSync(this.directory, { recursive: true });
    this.hosts = join(this.directory, "hosts");
    this.kubectlLog = join(this.directory, "kubectl.log");
    writeFileSync(this.kubectlLog, "");
    this.bin = join(this.directory, "bin");
    mkdirSync(this.bin, { recursive: true });
    symlinkSync(fileURLToPath(new URL("../cluster/kubectl.sh", import.meta.url)), join(this.bin, "kubectl"));
    this.plane = plane ?? new ControlPlane(`${stack}-control-plane`, stack);
  }

  /** Values of the registered Release of chart vault. */
  get values(): unknown {
    const release = this.registrations.find(
      ({ type, inputs }) => type === "kubernetes:helm.sh/v3:Release" && inputs.chart?.toString().endsWith("vault"),
    );
    if (!release) throw new Error("the stack registers no Release of chart vault");
    return release.inputs.values;
  }

  get replicas(): number {
    return Number(fieldsAt(this.values, "server", "ha").replicas);
  }

  /** Starts control plane, servers and what a kubelet would have done for them. */
  async start(): Promise<this> {
    await this.plane.start();
    await makePodNetwork();
    await this.applyObjects(({ kind, metadata }) => kind === "Namespace" || metadata.namespace === NAMESPACE);
    for (const object of chartObjects(NAMESPACE)) await this.plane.client.must(object);
    this.extraHosts.set("kubernetes.default.svc", API_ADDRESS);
    for (let index = 0; index < this.replicas; index++) await this.addServer(index);
    return this;
  }

  async stop(): Promise<void> {
    for (const { container, pod } of [...this.servers, ...(this.unsealer ? [this.unsealer] : [])]) {
      await container.stop();
      await pod.remove();
    }
    await this.plane.stop();
  }

  /** Applies the registered objects that `wanted` picks, in the program's order; kinds without a CRD here are left out. */
  async applyObjects(wanted: (object: KubeObject) => boolean): Promise<void> {
    for (const { object } of inDependencyOrder(this.registrations)) {
      const builtIn = !object.apiVersion.includes(".") || object.apiVersion.includes("k8s.io/");
      if (builtIn && wanted(object)) await this.plane.client.must(object);
    }
  }

  /** Environment of the program's steps: the stand-in of kubectl first on PATH. */
  environment(): Record<string, string> {
    return {
      PATH: `${this.bin}:${process.env.PATH}`,
      KUBECONFIG: this.plane.kubeconfig,
      LAB_PODS: join(context().directory, "pods"),
      LAB_KUBECTL: program("kubectl"),
      LAB_KUBECTL_LOG: this.kubectlLog,
    };
  }

  server(name: string): Server {
    const found = this.servers.find(({ pod }) => pod.name === name);
    if (!found) throw new Error(`no server ${name}`);
    return found;
  }

  /** Ends a server's container with SIGKILL; it stays down until `restart`. */
  async kill(name: string): Promise<void> {
    await this.server(name).container.kill();
  }

  /** What the kubelet does after a container ended: the same pod, volume and address, a new container. */
  async restart(name: string): Promise<void> {
    const server = this.server(name);
    if (server.container.service.running) await server.container.kill();
    server.container = await this.container(server.pod, server.volume);
  }

  /** A server whose volume is lost too: `kubectl delete pod,pvc`. */
  async replace(name: string): Promise<void> {
    const server = this.server(name);
    await server.container.kill();
    rmSync(server.volume, { recursive: true, force: true });
    mkdirSync(server.volume, { recursive: true });
    server.container = await this.container(server.pod, server.volume);
  }

  /** Runs the registered Deployment vault-unsealer, as soon as its Secrets exist. */
  async startUnsealer(): Promise<void> {
    const deployment = this.registrations.find(
      ({ object }) => object?.kind === "Deployment" && object.metadata.name === "vault-unsealer",
    )?.object;
    const spec = fieldsAt(deployment?.spec, "template", "spec");
    const [container] = fieldsList(spec.containers);
    if (!container) throw new Error("the stack registers no Deployment vault-unsealer");
    const pod = await new Pod(NAMESPACE, "vault-unsealer", this.address(9)).create();
    const mounts = await Promise.all(
      fieldsList(container.volumeMounts).map(async (mount): Promise<Mount> => {
        const volume = fieldsList(spec.volumes).find(({ name }) => name === mount.name);
        const secret = fieldsAt(volume, "secret");
        const items = fieldsList(secret.items).map(({ key }) => String(key));
        return {
          source: await this.secretDirectory(pod, String(secret.secretName), items),
          target: String(mount.mountPath),
        };
      }),
    );
    const command = Array.isArray(container.command) ? container.command.map(String) : [];
    const env = Object.fromEntries(
      fieldsList(container.env).map(({ name, value }) => [String(name), text(value) ?? ""]),
    );
    const unsealer = await new Container(pod, {
      name: "unsealer",
      command,
      env,
      mounts,
      image: await this.image(),
      hosts: this.hosts,
    }).start();
    this.unsealer = { pod, container: unsealer };
  }

  /** Logs of servers and unsealer. */
  logs(): string {
    const services = [
      ...this.servers.map(({ container }) => container.service),
      ...(this.unsealer ? [this.unsealer.container.service] : []),
    ];
    return services.map(({ log }) => readFileSync(log, "utf8")).join("\n");
  }

  /**
   * The server that labelled itself active at the API server, as Service vault-active selects it. One that was killed keeps
   * its label until the kubelet has started it again, so it must run too.
   */
  async active(): Promise<Server> {
    return eventually("a running server that calls itself active", 60, async () => {
      const { body } = await this.plane.client.list("v1", "Pod", NAMESPACE);
      const items: KubeObject[] = body.items;
      const active = items.filter(({ metadata }) => textMap(metadata.labels)["vault-active"] === "true");
      return active
        .map(({ metadata }) => this.server(metadata.name))
        .find(({ container }) => container.service.running);
    });
  }

  /** The authority of the listeners, as the registered Secret vault-tls holds it. */
  async listenerAuthority(): Promise<string> {
    const { body } = await this.plane.client.get("v1", "Secret", NAMESPACE, "vault-tls");
    return Buffer.from(body.data["ca.crt"], "base64").toString();
  }

  private address(last: number): string {
    return `10.244.${this.base}.${10 + last}`;
  }

  private async addServer(index: number): Promise<void> {
    const name = `vault-${index}`;
    const pod = new Pod(NAMESPACE, name, this.address(index));
    await pod.create();
    for (const suffix of ["", ".vault", ".vault.svc", ".vault.svc.cluster.local"])
      this.extraHosts.set(`${name}.vault-internal${suffix}`, pod.address);
    this.writeHosts();
    const image = `vault:${text(fieldsAt(this.values, "server", "image").tag)}`;
    await this.plane.client.must(podObject(NAMESPACE, name, image));
    const volume = join(this.directory, "volumes", name);
    mkdirSync(volume, { recursive: true });
    this.servers.push({ pod, volume, container: await this.container(pod, volume) });
    await this.setRunning(name, pod.address);
  }

  private async container(pod: Pod, volume: string): Promise<Container> {
    const { configuration, env, secretMounts } = serverContainer(this.values, pod);
    const home = join(pod.directory, "home");
    mkdirSync(home, { recursive: true });
    const mounts: Mount[] = [
      { source: volume, target: "/vault/data" },
      { source: home, target: "/home/vault" },
      {
        source: pod.write("extraconfig-from-values.hcl", configuration),
        target: "/vault/config/extraconfig-from-values.hcl",
      },
      { source: await this.accountDirectory(pod), target: "/var/run/secrets/kubernetes.io/serviceaccount" },
    ];
    for (const { secret, path } of secretMounts)
      mounts.push({ source: await this.secretDirectory(pod, secret), target: path });
    return new Container(pod, {
      name: "vault",
      command: ["vault", "server", "-config=/vault/config/extraconfig-from-values.hcl"],
      env,
      mounts,
      image: await this.image(),
      hosts: this.hosts,
    }).start();
  }

  private image(): Promise<string> {
    return makeImage("vault", { vault: program("vault") });
  }

  /** What the kubelet projects into every pod: a token for the API server, its CA, the namespace. */
  private async accountDirectory(pod: Pod): Promise<string> {
    const { client, certificateFile } = this.plane;
    const answer = await client.serviceAccountToken(NAMESPACE, "vault", [], 3600);
    if (answer.status !== 201) throw new Error(`no token for ServiceAccount vault: ${answer.body.message}`);
    pod.write("account/token", answer.body.status.token);
    pod.write("account/ca.crt", readFileSync(certificateFile));
    return join(pod.write("account/namespace", NAMESPACE), "..");
  }

  /** A Secret's keys as files of a directory; the kubelet waits for a Secret that does not exist yet. */
  private async secretDirectory(pod: Pod, name: string, only: readonly string[] = []): Promise<string> {
    const data = await eventually(`Secret ${NAMESPACE}/${name}`, 30, async () => {
      const { status, body } = await this.plane.client.get("v1", "Secret", NAMESPACE, name);
      return status === 200 ? textMap(body.data) : null;
    });
    const directory = join(pod.directory, "files", `secret-${name}`);
    mkdirSync(directory, { recursive: true });
    for (const [key, value] of Object.entries(data))
      if (only.length === 0 || only.includes(key)) pod.write(`secret-${name}/${key}`, Buffer.from(value, "base64"));
    return directory;
  }

  private async setRunning(name: string, address: string): Promise<void> {
    const status = {
      phase: "Running",
      podIP: address,
      podIPs: [{ ip: address }],
      containerStatuses: [
        {
          name: "vault",
          image: "vault",
          imageID: "",
          ready: false,
          restartCount: 0,
          state: { running: { startedAt: new Date().toISOString() } },
        },
      ],
    };
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${name}/status`;
    const answer = await this.plane.client.send("PATCH", path, { status }, "application/merge-patch+json");
    if (answer.status >= 300) throw new Error(`status of pod ${name}: ${answer.body.message}`);
  }

  private writeHosts(): void {
    const lines = [...this.extraHosts].map(([name, address]) => `${address} ${name}\n`);
    const text = `127.0.0.1 localhost\n${lines.join("")}`;
    // containers have this very file mounted: it is changed in place
    if (existsSync(this.hosts)) {
      writeFileSync(this.hosts, "");
      appendFileSync(this.hosts, text);
    } else writeFileSync(this.hosts, text);
  }
}
