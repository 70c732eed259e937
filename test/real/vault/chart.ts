import { fields, fieldsAt, fieldsList, text, textMap } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";

/** A server's container, as chart vault 0.34 makes it from its values. */
export interface ServerContainer {
  readonly configuration: string;
  readonly env: Readonly<Record<string, string>>;
  readonly secretMounts: readonly { readonly secret: string; readonly path: string }[];
}

/**
 * What templates/server-statefulset.yaml and server-config-configmap.yaml make of the values, for the keys that this project
 * uses. Helm's repositories cannot be reached from tests, so this is the stand-in for the chart; a value that it does not
 * know is refused rather than ignored.
 * @see https://github.com/hashicorp/vault-helm/blob/v0.34.1/templates/server-statefulset.yaml
 */
export function serverContainer(
  values: unknown,
  pod: { name: string; namespace: string; address: string },
): ServerContainer {
  onlyKnown("", values, ["global", "injector", "ui", "server"]);
  const server = fieldsAt(values, "server");
  onlyKnown("server.", server, [
    ...["image", "affinity", "updateStrategyType", "resources", "extraEnvironmentVars", "volumes", "volumeMounts"],
    ...["dataStorage", "standalone", "ha"],
  ]);
  const ha = fieldsAt(server, "ha");
  const raft = fieldsAt(ha, "raft");
  onlyKnown("server.ha.", ha, ["enabled", "replicas", "disruptionBudget", "raft", "apiAddr"]);
  onlyKnown("server.ha.raft.", raft, ["enabled", "setNodeId", "config"]);
  const scheme = fieldsAt(values, "global").tlsDisable === false ? "https" : "http";
  const given = text(raft.config) ?? "";
  return {
    configuration: /disable_mlock/.test(given) ? given : `disable_mlock = true\n${given}`,
    env: {
      HOST_IP: "10.244.0.1",
      POD_IP: pod.address,
      VAULT_K8S_POD_NAME: pod.name,
      VAULT_K8S_NAMESPACE: pod.namespace,
      VAULT_ADDR: `${scheme}://127.0.0.1:8200`,
      VAULT_API_ADDR: expanded(text(ha.apiAddr) ?? `${scheme}://$(POD_IP):8200`, pod),
      SKIP_CHOWN: "true",
      SKIP_SETCAP: "true",
      HOSTNAME: pod.name,
      VAULT_CLUSTER_ADDR: `https://${pod.name}.vault-internal:8201`,
      ...(raft.setNodeId === true ? { VAULT_RAFT_NODE_ID: pod.name } : {}),
      HOME: "/home/vault",
      KUBERNETES_SERVICE_HOST: "10.96.0.1",
      KUBERNETES_SERVICE_PORT: "443",
      ...textMap(server.extraEnvironmentVars),
    },
    secretMounts: fieldsList(server.volumeMounts).map((mount) => {
      const volume = fieldsList(server.volumes).find(({ name }) => name === mount.name);
      const secret = text(fieldsAt(volume, "secret").secretName);
      const path = text(mount.mountPath);
      if (secret === undefined || path === undefined) throw new Error(`volume ${mount.name} is no Secret`);
      return { secret, path };
    }),
  };
}

/** `$(NAME)` as the kubelet expands it, for the names that the chart defines before. */
function expanded(value: string, pod: { name: string; namespace: string; address: string }): string {
  const known: Record<string, string> = {
    POD_IP: pod.address,
    HOSTNAME: pod.name,
    VAULT_K8S_POD_NAME: pod.name,
    VAULT_K8S_NAMESPACE: pod.namespace,
  };
  return value.replace(/\$\((\w+)\)/g, (whole, name: string) => known[name] ?? whole);
}

function onlyKnown(path: string, values: unknown, known: readonly string[]): void {
  for (const key of Object.keys(fields(values)))
    if (!known.includes(key)) throw new Error(`the stand-in for chart vault does not know the value ${path}${key}`);
}

/** The objects of the chart that the servers need at the API server: account, token review, pod labels. */
export function chartObjects(namespace: string): KubeObject[] {
  const labels = { "app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": "vault" };
  const account = { kind: "ServiceAccount", name: "vault", namespace };
  const rbac = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "vault", namespace, labels } },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "vault-server-binding", labels },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "system:auth-delegator" },
      subjects: [account],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata: { name: "vault-discovery-role", namespace, labels },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "watch", "list", "update", "patch"] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: "vault-discovery-rolebinding", namespace, labels },
      roleRef: { apiGroup: rbac, kind: "Role", name: "vault-discovery-role" },
      subjects: [account],
    },
  ];
}

/** The Pod object of a server, with the status that a kubelet would write. */
export function podObject(namespace: string, name: string, image: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      labels: { "app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": "vault", component: "server" },
    },
    spec: { serviceAccountName: "vault", containers: [{ name: "vault", image }] },
  };
}
