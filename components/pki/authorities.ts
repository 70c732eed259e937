import type * as pulumi from "@pulumi/pulumi";
import { vaultConfiguration } from "../../config/derive/vault.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Platform } from "../platform/platform.ts";
import type { Authority } from "./authority.ts";
import { LocalAuthority } from "./local-authority.ts";
import { SelfSignedAuthority } from "./self-signed-authority.ts";
import { VaultIssuer } from "./vault-issuer.ts";

export interface AuthoritiesArgs {
  readonly prototype: Prototype;
  readonly platform: Pick<Platform, "certManager" | "vault">;
  /** What must be there before an object can stand in a namespace. */
  readonly inNamespace: (namespace: string) => pulumi.Resource[];
}

/** Every entry of learn:issuers, by its name. */
export function createAuthorities(
  { prototype, platform, inNamespace }: AuthoritiesArgs,
  opts: pulumi.ComponentResourceOptions,
): Readonly<Record<string, Authority>> {
  const { logins } = vaultConfiguration(prototype);
  const certManager = platform.certManager?.ready ?? [];
  const authorities: Record<string, Authority> = {};
  for (const [name, config] of Object.entries(prototype.issuers)) {
    const namespace = config.namespace ?? name;
    const after = [...certManager, ...inNamespace(namespace)];
    const login = logins.find(({ issuer }) => issuer === name);
    if (config.local) authorities[name] = new LocalAuthority(name, { config: config.local }, opts);
    if (config.selfSigned)
      authorities[name] = new SelfSignedAuthority(name, { namespace, config: config.selfSigned, after }, opts);
    if (login && platform.vault) authorities[name] = vaultIssuer(name, login, platform.vault, after, opts);
  }
  return authorities;
}

function vaultIssuer(
  name: string,
  login: ReturnType<typeof vaultConfiguration>["logins"][number],
  vault: NonNullable<Platform["vault"]>,
  after: pulumi.Resource[],
  opts: pulumi.ComponentResourceOptions,
): Authority {
  return new VaultIssuer(
    name,
    {
      login,
      vaultCa: vault.caCertificate,
      rootCertificate: vault.rootCertificate(login.mount),
      after: [...after, ...vault.readyFor(login)],
    },
    opts,
  );
}
