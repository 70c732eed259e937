import { mergeValues, type Values } from "../charts/merge-values.ts";
import { imageName, type PartArgs } from "../platform-args.ts";
import { podsOf } from "./steps/servers.ts";

export interface VaultValuesArgs extends Pick<PartArgs, "versions" | "mirror" | "values"> {
  readonly replicas: number;
  /** Volume of each server, such as 1Gi. */
  readonly storage: string;
}

/** Directory with ca.crt, tls.crt and tls.key of the listener. */
export const tlsDirectory = "/vault/userconfig/vault-tls";
export const tlsSecret = "vault-tls";

/** Raft on every server, TLS on every listener (https://developer.hashicorp.com/vault/docs/platform/k8s/helm/configuration). */
export function vaultValues({ versions, mirror, values, replicas, storage }: VaultValuesArgs): Values {
  const ours = {
    global: { tlsDisable: false },
    injector: { enabled: false },
    ui: { enabled: true },
    server: {
      image: { repository: imageName("docker.io/hashicorp/vault", mirror), tag: versions.vault },
      // The chart's own rule wants a node for each server.
      affinity: "",
      // Sealed pods are not ready, so pods are renewed one by one as the unsealer opens them.
      updateStrategyType: "RollingUpdate",
      resources: { requests: { cpu: "50m", memory: "128Mi" } },
      extraEnvironmentVars: { VAULT_CACERT: `${tlsDirectory}/ca.crt` },
      volumes: [{ name: "tls", secret: { secretName: tlsSecret, defaultMode: 0o440 } }],
      volumeMounts: [{ name: "tls", mountPath: tlsDirectory, readOnly: true }],
      dataStorage: { enabled: true, size: storage },
      standalone: { enabled: false },
      ha: {
        enabled: true,
        replicas,
        // By name: the certificate of the listener has no addresses of pods.
        apiAddr: "https://$(VAULT_K8S_POD_NAME).vault-internal:8200",
        disruptionBudget: { enabled: false },
        raft: { enabled: true, setNodeId: true, config: serverConfiguration(replicas) },
      },
    },
  };
  return mergeValues(ours, values);
}

/** HCL of a server: https://developer.hashicorp.com/vault/docs/configuration/storage/raft */
export function serverConfiguration(replicas: number): string {
  const joins = podsOf(replicas).map(
    (pod) => `  retry_join {
    leader_api_addr = "https://${pod}.vault-internal:8200"
    leader_ca_cert_file = "${tlsDirectory}/ca.crt"
  }`,
  );
  return `ui = true
listener "tcp" {
  address = "[::]:8200"
  cluster_address = "[::]:8201"
  tls_cert_file = "${tlsDirectory}/tls.crt"
  tls_key_file = "${tlsDirectory}/tls.key"
}
storage "raft" {
  path = "/vault/data"
${joins.join("\n")}
}
service_registration "kubernetes" {}
`;
}
