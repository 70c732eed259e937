import { ASSUMED, type Known, type VaultConfiguration } from "../../lab/topology/known.ts";

/** Vault as the example's ClusterIssuer needs it. */
export function validVault(): VaultConfiguration {
  return {
    mounts: {
      pki: { commonName: "example.com", ttlSeconds: 315_360_000, roles: {} },
      pki_int: {
        commonName: "example.com Intermediate Authority",
        issuerMount: "pki",
        ttlSeconds: 157_680_000,
        roles: {
          example: {
            allowedDomains: ["example.com"],
            allowSubdomains: true,
            allowBareDomains: false,
            allowIpSans: false,
            maxTtlSeconds: 72 * 3600,
          },
        },
      },
    },
    kubernetesAuth: {
      kubernetes: {
        roles: {
          kiwi: {
            boundServiceAccountNames: ["vault-login"],
            boundServiceAccountNamespaces: ["cert-manager"],
            audience: "vault://vault",
            policies: ["kiwi"],
          },
        },
      },
    },
    policies: { kiwi: { "pki_int/sign/example": ["update"] } },
  };
}

/** The example's set with everything known that can be. */
export function knownSet(change: Partial<Known> = {}): Known {
  return { ...ASSUMED, vault: validVault(), ...change };
}
