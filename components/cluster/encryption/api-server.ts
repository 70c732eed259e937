import { createHash } from "node:crypto";
import { type Report, StepFailure } from "../../commands/script.ts";
import { expand } from "./resources.ts";
import type { ApiServer } from "./rotate.ts";

/** kubectl against the right cluster; input goes to its standard input. Never throws for a failing command. */
export type Kubectl = (
  args: readonly string[],
  input?: string,
) => Promise<{ code: number; stdout: string; stderr: string }>;

export interface Patience {
  /** Pause between two looks, in milliseconds. */
  readonly pause: number;
  /** How often is looked. The API server looks at its file once a minute. */
  readonly looks: number;
  /** What to wait, in milliseconds, for a server that does not say what it has loaded. */
  readonly blind: number;
  wait(milliseconds: number): Promise<void>;
}

/** The API server, through kubectl alone. */
export function apiServer(kubectl: Kubectl, patience: Patience, report: Report): ApiServer {
  return {
    untilLoaded: (document) => untilLoaded(document, kubectl, patience, report),
    rewrite: (resources) => rewrite(resources, kubectl, patience),
  };
}

/**
 * The server tells the SHA-256 of the file it last loaded as a metric. It re-reads the file once a minute
 * (k8s.io/apiserver/pkg/server/options/encryptionconfig/controller).
 */
async function untilLoaded(document: string, kubectl: Kubectl, patience: Patience, report: Report): Promise<void> {
  const wanted = `sha256:${createHash("sha256").update(document).digest("hex")}`;
  for (let look = 0; look < patience.looks; look++) {
    const { code, stdout } = await kubectl(["get", "--raw=/metrics"]);
    const loaded = code === 0 ? loadedHash(stdout) : { kind: "unreachable" as const };
    if (loaded.kind === "hash" && loaded.hash === wanted) return;
    if (loaded.kind === "untold") return patience.wait(patience.blind);
    if (look === 0) report("Encryption: waiting for the API server to load it (it looks once a minute)");
    await patience.wait(patience.pause);
  }
  throw new StepFailure(
    "the API server does not load its new EncryptionConfiguration; no key was dropped. Its log says why: kubectl -n kube-system logs -l component=kube-apiserver. Then run the same command again",
  );
}

/** The hash in the server's metrics; `untold` by versions older than that metric. */
export function loadedHash(metrics: string): { kind: "hash"; hash: string } | { kind: "untold" } {
  const line = /^apiserver_encryption_config_controller_last_config_info\{([^}]*)\}/m.exec(metrics)?.[1];
  const hash = line === undefined ? undefined : /(?:^|,)hash="([^"]*)"/.exec(line)?.[1];
  return hash === undefined ? { kind: "untold" } : { kind: "hash", hash };
}

const attempts = 5;

/**
 * `kubectl get … | kubectl replace -f -`. An unchanged object is only written because it was read with a key that is no
 * longer the first. Objects that others change or delete at the same moment are no fault: another round takes them.
 */
async function rewrite(patterns: readonly string[], kubectl: Kubectl, patience: Patience): Promise<void> {
  for (const resource of await present(patterns, kubectl)) {
    let last = "";
    for (let attempt = 0; ; attempt++) {
      if (attempt === attempts)
        throw new StepFailure(
          [
            `rewriting ${resource} failed, no key was dropped; run the same command again.`,
            last,
            ...lostKey(last),
          ].join("\n"),
        );
      const list = await kubectl(["get", resource, "--all-namespaces", "--output=json"]);
      if (list.code === 0 && isEmptyList(list.stdout)) break;
      const done = list.code === 0 ? await kubectl(["replace", "--filename=-"], list.stdout) : list;
      if (done.code === 0 || onlyDeletedMeanwhile(done.stderr)) break;
      // Only kubectl's words about it: what it was fed stays out of every message.
      last = done.stderr.trim();
      await patience.wait(patience.pause);
    }
  }
}

/** What the API server says when it has no key for what etcd holds. */
const undecipherable =
  /unable to transform key|no matching prefix|failed to decrypt|output array was not large enough/i;

function lostKey(message: string): string[] {
  if (!undecipherable.test(message)) return [];
  return [
    "Some objects were written with a key that the API server does not have. Set learn:encryption.key back to the name of that key; if Pulumi's state no longer has it, take it from an earlier one: pulumi stack history, pulumi stack export --version <n>",
  ];
}

async function present(patterns: readonly string[], kubectl: Kubectl): Promise<string[]> {
  if (!patterns.some((pattern) => pattern.startsWith("*."))) return expand(patterns, []);
  const { code, stdout, stderr } = await kubectl(["api-resources", "--output=name", "--verbs=list,update"]);
  if (code !== 0) throw new StepFailure(`kubectl api-resources failed: ${stderr.trim()}`);
  return expand(
    patterns,
    stdout.split("\n").filter((line) => line !== ""),
  );
}

function isEmptyList(json: string): boolean {
  const list: unknown = JSON.parse(json);
  return (
    typeof list === "object" && list !== null && "items" in list && Array.isArray(list.items) && list.items.length === 0
  );
}

/** kubectl replaces all it can and tells every failure on a line of its own. */
function onlyDeletedMeanwhile(stderr: string): boolean {
  const lines = stderr.split("\n").filter((line) => line.startsWith("Error"));
  return lines.length > 0 && lines.every((line) => line.includes("(NotFound)"));
}
