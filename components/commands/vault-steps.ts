import { type output, z } from "../../config/zod.ts";

/**
 * Steps of components/platform/vault: their names and what they print on stdout.
 *
 * | name                     | stdin                        | stdout                               |
 * |--------------------------|------------------------------|--------------------------------------|
 * | `vault-pods`             | –                            | `{}`                                 |
 * | `vault-init`             | –                            | {@link initResult}, secret           |
 * | `vault-unseal`           | {@link initResult}, secret   | {@link unsealResult}                 |
 * | `vault-certificate`      | –                            | `{}`                                 |
 * | `vault-configure/<step>` | root token, secret           | {@link configureResult}              |
 */
export const vaultPodsStep = "vault-pods";
export const vaultInitStep = "vault-init";
export const vaultUnsealStep = "vault-unseal";
export const vaultCertificateStep = "vault-certificate";
export const vaultConfigureStep = (name: string) => `vault-configure/${name}`;

/** `{"unsealKey":"…","rootToken":"hvs.…"}` */
export const initResult = z.object({ unsealKey: z.string().min(1), rootToken: z.string().min(1) });
export type InitResult = output<typeof initResult>;

/** `{"members":["vault-0","vault-1","vault-2"]}`: the voters of Raft. */
export const unsealResult = z.object({ members: z.array(z.string()) });
export type UnsealResult = output<typeof unsealResult>;

/** Of a step that makes an authority: its certificate and those above it, signer first, in PEM. `{}` otherwise. */
export const configureResult = z.object({ certificate: z.string().optional(), chain: z.array(z.string()).optional() });
export type ConfigureResult = output<typeof configureResult>;
