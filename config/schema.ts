import { answer, app, secret } from "./schema/apps.ts";
import { cluster, encryption, mirror, platform, versions } from "./schema/cluster.ts";
import { certificate, issuer, vault } from "./schema/pki.ts";
import { sharedGateway } from "./schema/traffic.ts";
import { dnsLabel } from "./schema/words.ts";
import { type output, z } from "./zod.ts";

/** A change to one registered object, for what the stack language has no word for. */
const patch = z
  .strictObject({
    kind: z.string().min(1),
    namespace: z.string().optional(),
    name: z.string().min(1),
    merge: z.record(z.string(), z.unknown()).describe("JSON merge patch (RFC 7386): null removes a field"),
  })
  .describe("changes one object just before it is registered");

/** The stack language: the value of every `learn:` key of a stack file. */
export const prototypeSchema = z.strictObject({
  cluster,
  platform: platform.default({}),
  encryption: encryption.optional(),
  versions: versions.default({}),
  mirror: mirror.default({}),
  vault: vault.default({ kv: {}, pki: {} }),
  issuers: z.record(dnsLabel, issuer).default({}),
  certificates: z.record(dnsLabel, certificate).default({}),
  secrets: z.record(dnsLabel, secret).default({}),
  gateways: z.record(dnsLabel, sharedGateway).default({}),
  apps: z.record(dnsLabel, app).default({}),
  answers: z.array(answer).default([]).describe("answers that belong to no single application"),
  patches: z.array(patch).default([]),
  wiring: z
    .enum(["error", "warn", "off"])
    .default("error")
    .describe("what a broken wire does: error stops the program before anything is applied"),
});

/** A validated stack, defaults filled in; what every component is built from. */
export type Prototype = output<typeof prototypeSchema>;
export type ClusterConfig = Prototype["cluster"];
export type MinikubeConfig = NonNullable<ClusterConfig["minikube"]>;
export type EncryptionConfig = NonNullable<Prototype["encryption"]>;
export type PlatformConfig = Prototype["platform"];
export type MirrorConfig = Prototype["mirror"];
export type VaultConfig = Prototype["vault"];
export type PkiEngine = VaultConfig["pki"][string];
export type VaultRole = PkiEngine["roles"][string];
export type IssuerConfig = Prototype["issuers"][string];
export type CertificateConfig = Prototype["certificates"][string];
export type SharedGatewayConfig = Prototype["gateways"][string];
export type AppConfig = Prototype["apps"][string];
export type AppGatewayConfig = NonNullable<AppConfig["gateway"]>;
export type IngressConfig = NonNullable<AppConfig["ingress"]>;
export type ListenerConfig = SharedGatewayConfig["listeners"][string];
export type RouteConfig = AppGatewayConfig["routes"][number];
export type AnswerConfig = AppConfig["answers"][number];
export type MountConfig = AppConfig["mounts"][number];
export type PatchConfig = Prototype["patches"][number];
export type SecretConfig = Prototype["secrets"][string];
