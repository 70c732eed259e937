import { seconds } from "../../config/derive/durations.ts";
import { kubernetesAuthMount, vaultConfiguration } from "../../config/derive/vault.ts";
import type { Prototype } from "../../config/schema.ts";
import { resolveVersions } from "../../config/versions.ts";
import type { Known, VaultAuthRole, VaultConfiguration, VaultMount } from "../topology/known.ts";

/** What a stack's charts and Vault bring to the cluster beside the objects that the program registers. */
export function knownOf(prototype: Prototype): Known {
  const { platform, cluster } = prototype;
  const versions = resolveVersions(prototype.versions);
  return {
    gatewayClasses: [
      ...(platform.istio ? ["istio", "istio-remote", "istio-waypoint"] : []),
      ...(platform.nginxGatewayFabric ? ["nginx"] : []),
      ...(cluster.minikube ? [] : Object.values(prototype.gateways).flatMap(({ class: name }) => name ?? [])),
      ...(cluster.minikube ? [] : Object.values(prototype.apps).flatMap(({ gateway }) => gateway?.class ?? [])),
    ],
    ingressClasses: platform.ingressNginx || !cluster.minikube ? ["nginx"] : [],
    ...(platform.gatewayApi?.install ? { gatewayApi: { version: versions.gatewayApi, channel: "standard" } } : {}),
    products: {
      ...(platform.istio ? { istio: versions.istio } : {}),
      ...(platform.nginxGatewayFabric ? { "nginx-gateway-fabric": versions.nginxGatewayFabric } : {}),
      ...(platform.certManager ? { "cert-manager": versions.certManager } : {}),
    },
    ...(platform.ingressNginx ? { ingressSslPassthrough: true } : {}),
    complete: cluster.minikube !== undefined,
    provided: new Set(provided(prototype)),
    certManager: { namespace: "cert-manager", serviceAccount: "cert-manager" },
    ...(platform.vault ? { vault: vaultOf(prototype) } : {}),
  };
}

/** Services of charts that a stack's objects may refer to, and the Secret into which the step `vault-init` puts its keys. */
function provided({ platform }: Prototype): string[] {
  return platform.vault
    ? ["Service/vault/vault", "Service/vault/vault-active", "Service/vault/vault-internal", "Secret/vault/vault-unseal"]
    : [];
}

function vaultOf(prototype: Prototype): VaultConfiguration {
  const { authorities, logins } = vaultConfiguration(prototype);
  return {
    mounts: Object.fromEntries(
      authorities.map((authority): [string, VaultMount] => [
        authority.mount,
        {
          commonName: authority.commonName,
          ...(authority.signedBy === undefined ? {} : { issuerMount: authority.signedBy }),
          ttlSeconds: seconds(authority.ttl),
          roles: Object.fromEntries(
            authority.roles.map(({ name, maxTtl, mount, ...role }) => [
              name,
              { ...role, maxTtlSeconds: seconds(maxTtl) },
            ]),
          ),
        },
      ]),
    ),
    kubernetesAuth: {
      [kubernetesAuthMount]: {
        roles: Object.fromEntries(
          logins.map((login): [string, VaultAuthRole] => [
            login.issuer,
            {
              boundServiceAccountNames: [login.serviceAccount],
              boundServiceAccountNamespaces: [login.namespace],
              audience: login.audience,
              policies: [login.policy],
            },
          ]),
        ),
      },
    },
    policies: Object.fromEntries(
      logins.map((login) => [login.policy, { [`${login.mount}/sign/${login.role}`]: ["update"] }]),
    ),
  };
}
