import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { context, program } from "../lab/context.ts";
import { Service } from "../lab/service.ts";
import { ApiClient } from "./api-client.ts";

/** The address of Service kubernetes.default: the API server really listens there, on port 443, as pods expect. */
export const API_ADDRESS = "10.96.0.1";

/**
 * A real etcd, API server and (when asked for) controller manager in the lab's own network. No node: nothing is
 * scheduled, pods are objects only.
 */
export class ControlPlane {
  readonly directory: string;
  readonly kubeconfig: string;
  readonly etcd: Service;
  readonly apiServer: Service;
  readonly controllers: Service;
  readonly client: ApiClient;
  private readonly accountKey: KeyObject;
  private readonly token = randomBytes(16).toString("hex");

  /** `context` is the name of the kubeconfig's one context. */
  constructor(name = "control-plane", contextName = "real") {
    this.directory = join(context().directory, name);
    this.kubeconfig = join(this.directory, "kubeconfig");
    const pki = join(this.directory, "pki");
    mkdirSync(pki, { recursive: true });
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.accountKey = privateKey;
    const serviceAccountKey = join(pki, "sa.key");
    writeFileSync(serviceAccountKey, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
    const tokens = join(this.directory, "tokens.csv");
    writeFileSync(tokens, `${this.token},admin,admin,system:masters\n`, { mode: 0o600 });
    this.writeKubeconfig(this.kubeconfig, contextName, this.token);
    this.client = new ApiClient(`https://${API_ADDRESS}`, this.token, () => readFileSync(this.certificateFile));

    const etcdUrl = "http://127.0.0.1:2379";
    this.etcd = new Service({
      name: `${name}-etcd`,
      command: program("etcd"),
      args: [
        `--data-dir=${join(this.directory, "etcd")}`,
        "--unsafe-no-fsync",
        "--listen-peer-urls=http://127.0.0.1:2380",
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
      ],
      ready: async () => (await fetch(`${etcdUrl}/health`)).ok,
    });
    this.apiServer = new Service({
      name: `${name}-kube-apiserver`,
      command: program("kube-apiserver"),
      args: [
        `--etcd-servers=${etcdUrl}`,
        `--bind-address=${API_ADDRESS}`,
        `--advertise-address=${API_ADDRESS}`,
        "--secure-port=443",
        `--cert-dir=${pki}`,
        "--allow-privileged",
        "--authorization-mode=RBAC",
        `--token-auth-file=${tokens}`,
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        `--service-account-key-file=${serviceAccountKey}`,
        `--service-account-signing-key-file=${serviceAccountKey}`,
      ],
      ready: () => this.client.ready(),
      seconds: 90,
    });
    this.controllers = new Service({
      name: `${name}-kube-controller-manager`,
      command: program("kube-controller-manager"),
      args: [
        `--kubeconfig=${this.kubeconfig}`,
        // a leader that loses its API server for a moment exits for good
        "--leader-elect=false",
        "--secure-port=0",
        `--service-account-private-key-file=${serviceAccountKey}`,
        `--root-ca-file=${this.certificateFile}`,
        "--controllers=*,-nodeipam,-nodelifecycle,-cloud-node-lifecycle-controller",
      ],
      // the first thing it does that can be seen from outside
      ready: async () => (await this.client.get("v1", "ServiceAccount", "default", "default")).status === 200,
    });
  }

  /** The API server's self-signed certificate: its own authority, and what pods find as ca.crt. */
  get certificateFile(): string {
    return join(this.directory, "pki", "apiserver.crt");
  }

  /** Starts what does not run; `flags` are added to the API server's own, such as those of encryption at rest. */
  async start(flags: readonly string[] = []): Promise<this> {
    await execa("ip", ["address", "replace", `${API_ADDRESS}/32`, "dev", "lo"]);
    if (!this.etcd.running) await this.etcd.start();
    if (!this.apiServer.running) await this.apiServer.start(flags);
    if (!this.controllers.running) await this.controllers.start();
    return this;
  }

  /** Starts the API server without waiting: for one that will not get ready. */
  spawnApiServer(flags: readonly string[] = []): void {
    this.apiServer.spawn(flags);
  }

  /** Stops and starts the API server alone. */
  async restartApiServer(flags: readonly string[] = []): Promise<void> {
    await this.apiServer.stop();
    this.client.forget();
    await this.apiServer.start(flags);
  }

  async stop(): Promise<void> {
    await this.controllers.stop();
    await this.apiServer.stop();
    await this.etcd.stop();
  }

  /** The raw bytes that etcd holds under a key, or null. */
  async raw(key: string): Promise<Buffer | null> {
    const answer = await fetch("http://127.0.0.1:2379/v3/kv/range", {
      method: "POST",
      body: JSON.stringify({ key: Buffer.from(key).toString("base64") }),
    });
    const { kvs = [] } = (await answer.json()) as { kvs?: { value: string }[] };
    const first = kvs[0];
    return first ? Buffer.from(first.value, "base64") : null;
  }

  /** The same ServiceAccount token as if it had been made two hours ago: rightly signed, and expired. */
  expired(jwt: string): string {
    const [head = "", claims = ""] = jwt.split(".");
    const body = JSON.parse(Buffer.from(claims, "base64url").toString());
    for (const time of ["exp", "iat", "nbf"]) body[time] -= 7200;
    const signed = `${head}.${Buffer.from(JSON.stringify(body)).toString("base64url")}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), this.accountKey).toString("base64url")}`;
  }

  /** A kubeconfig for a program that has a token of its own. */
  writeKubeconfig(file: string, name: string, token: string): void {
    writeFileSync(file, this.kubeconfigText(name, token), { mode: 0o600 });
  }

  private kubeconfigText(name: string, token: string): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "real",
          cluster: { server: `https://${API_ADDRESS}`, "certificate-authority": this.certificateFile },
        },
      ],
      users: [{ name: "admin", user: { token } }],
      contexts: [{ name, context: { cluster: "real", user: "admin" } }],
      "current-context": name,
    });
  }
}
