import { seconds } from "../../../../config/derive/durations.ts";
import {
  adminPolicy,
  type KubernetesLogin,
  type KvEngine,
  kubernetesAuthMount,
  type PkiAuthority,
  type PkiRole,
  signPolicy,
  type VaultConfiguration,
  vaultAddress,
} from "../../../../config/derive/vault.ts";
import type { Authority, ConfigureStep, Ensure, Mount } from "./operations.ts";

/** A step and the steps that must have been done before it. */
export interface PlannedStep extends ConfigureStep {
  readonly after: readonly string[];
}

/** How Vault reaches the API server to have tokens reviewed; token and CA are those of its own pod, read anew each time. */
const kubernetesHost = "https://kubernetes.default.svc:443";

/** The steps that make a Vault hold a configuration; those that do not name each other can run at the same time. */
export function plan(configuration: VaultConfiguration): PlannedStep[] {
  return [
    adminStep(),
    ...configuration.kv.map(kvStep),
    ...configuration.authorities.flatMap((authority) => [
      authorityStep(authority),
      ...authority.roles.map((role) => roleStep(role)),
    ]),
    ...(configuration.logins.length === 0 ? [] : [authStep()]),
    ...configuration.logins.map(loginStep),
  ];
}

/** Name of the step that makes the authority of an engine. */
export const authorityStepName = (mount: string) => `pki-${mount}`;
/** Name of the step that makes a role of an engine. */
export const roleStepName = (mount: string, role: string) => `role-${mount}-${role}`;
/** Name of the step that lets an issuer log in. */
export const loginStepName = (issuer: string) => `login-${issuer}`;

function adminStep(): PlannedStep {
  const rules = 'path "*" {\n  capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"]\n}\n';
  return { name: "policy-admin", after: [], operations: [policy(adminPolicy, rules)], forget: [] };
}

function kvStep({ mount, secrets }: KvEngine): PlannedStep {
  return {
    name: `kv-${mount}`,
    after: [],
    operations: [
      { kind: "mount", section: "mounts", path: mount, type: "kv", options: { version: "2" } },
      ...secrets.map(({ path, fields }) => ({ kind: "random-secret" as const, mount, path, fields: [...fields] })),
    ],
    forget: [],
  };
}

function authorityStep(authority: PkiAuthority): PlannedStep {
  const { mount, signedBy } = authority;
  return {
    name: authorityStepName(mount),
    after: signedBy === undefined ? [] : [authorityStepName(signedBy)],
    operations: [engine(mount), longestLease(authority), ownAuthority(authority), addresses(mount)],
    authority: mount,
    forget: [],
  };
}

function engine(mount: string): Mount {
  return { kind: "mount", section: "mounts", path: mount, type: "pki" };
}

/** Without it an engine signs nothing for longer than 768 h (https://developer.hashicorp.com/vault/docs/secrets/pki/setup). */
function longestLease({ mount, ttl }: PkiAuthority): Ensure {
  const path = `sys/mounts/${mount}/tune`;
  const desired = { max_lease_ttl: seconds(ttl) };
  return { kind: "ensure", what: `longest lifetime in ${mount}`, read: path, write: path, desired };
}

function ownAuthority({ mount, commonName, ttl, issuerName, signedBy, signsAuthorities }: PkiAuthority): Authority {
  return {
    kind: "authority",
    mount,
    commonName,
    ttl: seconds(ttl),
    issuerName,
    ...(signedBy === undefined ? {} : { signer: signedBy }),
    ...(signedBy === undefined || signsAuthorities ? {} : { maxPathLength: 0 }),
  };
}

function addresses(mount: string): Ensure {
  const path = `${mount}/config/urls`;
  return {
    kind: "ensure",
    what: `addresses in the certificates of ${mount}`,
    read: path,
    write: path,
    desired: {
      issuing_certificates: [`${vaultAddress}/v1/${mount}/ca`],
      crl_distribution_points: [`${vaultAddress}/v1/${mount}/crl`],
      ocsp_servers: [`${vaultAddress}/v1/${mount}/ocsp`],
    },
  };
}

/** https://developer.hashicorp.com/vault/api-docs/secret/pki#create-update-role */
function roleStep({ mount, name, ...role }: PkiRole): PlannedStep {
  const path = `${mount}/roles/${name}`;
  return {
    name: roleStepName(mount, name),
    after: [authorityStepName(mount)],
    operations: [
      {
        kind: "ensure",
        what: `role ${name} of ${mount}`,
        read: path,
        write: path,
        desired: {
          allowed_domains: role.allowedDomains,
          allow_subdomains: role.allowSubdomains,
          allow_bare_domains: role.allowBareDomains,
          allow_localhost: role.allowLocalhost,
          allow_ip_sans: role.allowIpSans,
          allow_any_name: false,
          allow_glob_domains: false,
          allow_wildcard_certificates: true,
          enforce_hostnames: true,
          server_flag: true,
          client_flag: false,
          key_type: "ec",
          key_bits: 256,
          require_cn: false,
          max_ttl: seconds(role.maxTtl),
        },
      },
    ],
    forget: [path],
  };
}

/** Neither token_reviewer_jwt nor kubernetes_ca_cert: both would be pinned, and expire (https://developer.hashicorp.com/vault/docs/auth/kubernetes). */
function authStep(): PlannedStep {
  const path = `auth/${kubernetesAuthMount}/config`;
  return {
    name: "auth-kubernetes",
    after: [],
    operations: [
      { kind: "mount", section: "auth", path: kubernetesAuthMount, type: "kubernetes" },
      {
        kind: "ensure",
        what: "Kubernetes auth",
        read: path,
        write: path,
        desired: { kubernetes_host: kubernetesHost, disable_local_ca_jwt: false },
      },
    ],
    forget: [],
  };
}

function loginStep(login: KubernetesLogin): PlannedStep {
  const path = `auth/${kubernetesAuthMount}/role/${login.issuer}`;
  return {
    name: loginStepName(login.issuer),
    after: ["auth-kubernetes"],
    operations: [
      policy(login.policy, signPolicy(login)),
      {
        kind: "ensure",
        what: `login of ServiceAccount ${login.namespace}/${login.serviceAccount}`,
        read: path,
        write: path,
        desired: {
          bound_service_account_names: [login.serviceAccount],
          bound_service_account_namespaces: [login.namespace],
          audience: login.audience,
          token_policies: [login.policy],
          token_no_default_policy: true,
          token_ttl: 60,
          token_max_ttl: 600,
        },
      },
    ],
    forget: [path, `sys/policies/acl/${login.policy}`],
  };
}

function policy(name: string, rules: string): Ensure {
  const path = `sys/policies/acl/${name}`;
  return { kind: "ensure", what: `policy ${name}`, read: path, write: path, desired: { policy: rules } };
}
