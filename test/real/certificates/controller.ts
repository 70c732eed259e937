import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { context, program } from "../lab/context.ts";
import { Service } from "../lab/service.ts";

const NAME = "cert-manager";
const ACCOUNT = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: NAME, namespace: NAME } };

/** What the chart grants the controller, but for ACME: no right to mint tokens of other accounts. */
const RULES = [
  { apiGroups: ["cert-manager.io", "acme.cert-manager.io"], resources: ["*"], verbs: ["*"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch", "create", "update", "patch", "delete"] },
  { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["pods", "services", "namespaces"], verbs: ["get", "list", "watch"] },
  {
    apiGroups: ["networking.k8s.io", "gateway.networking.k8s.io"],
    resources: ["*"],
    verbs: ["get", "list", "watch", "update"],
  },
];

/**
 * cert-manager's real controllers (tools/cert-manager), with the rights of their own account. Its webhook is not run: what
 * it would refuse, the API server takes here.
 */
export class CertManagerController {
  readonly service: Service;
  private readonly plane: ControlPlane;
  private readonly kubeconfig: string;
  private readonly hosts: string;

  constructor(plane: ControlPlane) {
    this.plane = plane;
    this.kubeconfig = join(context().directory, `${NAME}.kubeconfig`);
    this.hosts = join(context().directory, `${NAME}.hosts`);
    this.service = new Service({
      name: NAME,
      command: "unshare",
      args: [
        ...["--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', this.hosts],
        ...[program("cert-manager-controller"), "--kubeconfig", this.kubeconfig],
      ],
      ready: async () => true,
    });
  }

  /** @param names host names that it must find (name → address), as there is no cluster DNS */
  async start(names: Readonly<Record<string, string>> = {}): Promise<this> {
    for (const object of accountObjects()) await this.plane.client.must(object);
    const lines = Object.entries({ localhost: "127.0.0.1", ...names }).map(([name, address]) => `${address} ${name}\n`);
    writeFileSync(this.hosts, lines.join(""));
    const token = (await this.plane.client.serviceAccountToken(NAME, NAME, [], 3600)).body.status.token;
    this.plane.writeKubeconfig(this.kubeconfig, NAME, token);
    await this.service.start();
    return this;
  }
}

function accountObjects(): KubeObject[] {
  const rbac = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAME } },
    ACCOUNT,
    { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: NAME }, rules: RULES },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: NAME },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: NAME },
      subjects: [{ kind: "ServiceAccount", name: NAME, namespace: NAME }],
    },
  ];
}
