import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { CrdFile } from "../../../config/versions/crd-files.ts";
import { gatewayApiFileUrl } from "../../../config/versions.ts";
import type { Manifest } from "../../kubernetes/apply.ts";

/** Where the CRD files of a release may come from. */
export interface FileSources {
  readonly version: string;
  /** Directory of the stack's mirror (`learn:mirror.crds`): when given, the only place that is looked at. */
  readonly mirror?: string | undefined;
  /** Directory in which files are kept once they were downloaded. */
  readonly cache: string;
  /** Downloads a file; undefined where the network must not be touched. */
  readonly download?: ((url: string) => Promise<string>) | undefined;
}

/**
 * The objects of one release file, or undefined when it is not at hand and may not be downloaded.
 *
 * @throws pulumi.RunError when a file's SHA-256 is not the one in config/versions/crd-files.ts, a mirror lacks it, or a download fails.
 */
export async function objectsOf(file: CrdFile, sources: FileSources): Promise<readonly Manifest[] | undefined> {
  if (sources.mirror !== undefined)
    return parse(verified(await fromMirror(file, sources.mirror), file, sources.mirror));
  const cached = join(sources.cache, sources.version, `${file.plural}-${file.sha256.slice(0, 16)}.json`);
  const kept = await readFile(cached, "utf8").catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept);
  if (sources.download === undefined) return undefined;
  const url = gatewayApiFileUrl(sources.version, file.file);
  const objects = await parse(verified(await sources.download(url), file, url));
  await keep(cached, JSON.stringify(objects));
  return objects;
}

/** Downloads over HTTPS, within 20 seconds. @throws pulumi.RunError with the address and the reason. */
export async function download(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return await response.text();
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : error;
    throw new pulumi.RunError(
      `Gateway API: ${url} could not be downloaded (${reason}). Without network, put the files of config/crd/standard/ of that release into a directory and name it in learn:mirror.crds`,
    );
  }
}

/** The user's cache directory for this project (XDG base directories; LOCALAPPDATA on Windows). */
export function cacheDirectory(env: NodeJS.ProcessEnv, home: string): string {
  const base = env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(home, ".cache");
  return join(base, "learn-ingress", "gateway-api");
}

async function fromMirror({ file }: CrdFile, mirror: string): Promise<string> {
  return readFile(join(mirror, file), "utf8").catch(() => {
    throw new pulumi.RunError(
      `learn:mirror.crds: ${mirror} has no ${file}; the directory must hold the files of config/crd/standard/ of the Gateway API's release`,
    );
  });
}

function verified(text: string, { file, sha256 }: CrdFile, from: string): string {
  const found = createHash("sha256").update(text).digest("hex");
  if (found === sha256) return text;
  throw new pulumi.RunError(
    `Gateway API: ${file} from ${from} is not the file of the release: its SHA-256 is ${found}, expected ${sha256}. A proxy may have changed it, or it belongs to another version; nothing of it is used`,
  );
}

/** The parser is loaded only when files are read for the first time: a plan takes them from the cache as JSON. */
async function parse(text: string): Promise<Manifest[]> {
  const { parseAllDocuments } = await import("yaml");
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter(isManifest);
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === "object" && value !== null && "kind" in value && "metadata" in value;
}

/** Written beside and renamed, so that a reader never sees half a file. */
async function keep(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, path);
}
