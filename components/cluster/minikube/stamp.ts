import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type output, z } from "../../../config/zod.ts";
import { fixedSettings } from "./settings.ts";

/**
 * The stamp this program leaves in the directory of a minikube profile it made. The directory goes with the profile, so
 * the stamp tells what Pulumi's state cannot: whether the cluster of that state still exists.
 */
export const stamp = z.strictObject({
  stack: z.string(),
  /** Which cluster this is: another one for every creation. */
  generation: z.string(),
  /** Which start of it this is: another value for every stop that was mended. */
  resumed: z.string(),
  /** `starting` until it has come up once; `lost` when minikube had to reset it and everything on it is gone. */
  phase: z.enum(["starting", "ready", "lost"]),
  /** The process that is starting it. */
  process: z.int().optional(),
  fixed: fixedSettings,
  encrypted: z.boolean(),
  /** UID of namespace kube-system: what tells a cluster from an empty one in its place. */
  cluster: z.string().optional(),
});
export type Stamp = output<typeof stamp>;

const fileName = "learn-stamp.json";

/** What lies in a profile's directory. */
export type ProfileFiles =
  | { readonly kind: "absent" }
  /** A profile that this program did not make. */
  | { readonly kind: "foreign" }
  | { readonly kind: "ours"; readonly stamp: Stamp; readonly config?: ProfileConfig };

/** The part of minikube's `config.json` that somebody could have changed behind the program's back. */
export interface ProfileConfig {
  readonly driver?: string | undefined;
  readonly kubernetes?: string | undefined;
}

/**
 * Reads a profile's directory. A directory with neither stamp nor config.json holds no cluster: minikube leaves some
 * behind after a start it refused.
 */
export function readProfile(directory: string): ProfileFiles {
  const ours = stamp.safeParse(readJson(join(directory, fileName)));
  const configFile = join(directory, "config.json");
  if (ours.success) return { kind: "ours", stamp: ours.data, ...withConfig(readJson(configFile)) };
  return { kind: existsSync(configFile) ? "foreign" : "absent" };
}

/** Writes the stamp in one move, so that an interruption leaves the old one or the new one. */
export function writeStamp(directory: string, value: Stamp): void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, fileName);
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

const minikubeConfig = z.object({
  Driver: z.string().optional(),
  KubernetesConfig: z.object({ KubernetesVersion: z.string().optional() }).optional(),
});

function withConfig(json: unknown): { config?: ProfileConfig } {
  const parsed = minikubeConfig.safeParse(json);
  if (!parsed.success) return {};
  return { config: { driver: parsed.data.Driver, kubernetes: parsed.data.KubernetesConfig?.KubernetesVersion } };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
