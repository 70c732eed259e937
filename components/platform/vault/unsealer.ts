import type { Manifest } from "../../kubernetes/apply.ts";
import { unsealKeyField, unsealSecret } from "./steps/keys.ts";
import { podsOf } from "./steps/servers.ts";
import { tlsSecret } from "./values.ts";

const name = "vault-unsealer";

/**
 * Looks at every server each few seconds and opens those that are sealed: `vault status` exits with 2 then. The key goes
 * from a mounted Secret to Vault; it appears in no argument and no log.
 */
export function unsealScript(replicas: number): string {
  return `
while true; do
  for pod in ${podsOf(replicas).join(" ")}; do
    export VAULT_ADDR="https://$pod.vault-internal:8200"
    vault status >/dev/null 2>&1
    if [ $? = 2 ]; then
      if vault write -format=json sys/unseal key=@/unseal/${unsealKeyField} >/dev/null 2>&1
      then echo "$pod was sealed: opened"
      else echo "$pod is sealed and does not take the key (yet)"
      fi
    fi
  done
  sleep "\${UNSEAL_PAUSE:-3}"
done
`;
}

/** A Deployment that may do nothing in Kubernetes and reads one field of one Secret, and its account without rights. */
export function unsealerManifests(namespace: string, image: string, replicas: number): Manifest[] {
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "vault" };
  const metadata = { name, namespace, labels };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { "app.kubernetes.io/name": name } },
        template: { metadata: { labels }, spec: podSpec(image, replicas) },
      },
    },
  ];
}

function podSpec(image: string, replicas: number) {
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 100,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "unsealer",
        image,
        command: ["/bin/sh", "-c", unsealScript(replicas)],
        env: [
          { name: "VAULT_CACERT", value: "/tls/ca.crt" },
          { name: "VAULT_CLIENT_TIMEOUT", value: "5s" },
          { name: "HOME", value: "/tmp" },
        ],
        resources: { requests: { cpu: "5m", memory: "32Mi" }, limits: { memory: "256Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "unseal", mountPath: "/unseal", readOnly: true },
          { name: "tls", mountPath: "/tls", readOnly: true },
        ],
      },
    ],
    volumes: [
      {
        name: "unseal",
        secret: {
          secretName: unsealSecret,
          defaultMode: 0o440,
          items: [{ key: unsealKeyField, path: unsealKeyField }],
        },
      },
      { name: "tls", secret: { secretName: tlsSecret, items: [{ key: "ca.crt", path: "ca.crt" }] } },
    ],
  };
}
