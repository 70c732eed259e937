import { readFileSync } from "node:fs";
import { StepFailure } from "../../commands/script.ts";
import type { MinikubeHome } from "../minikube/home.ts";
import type { Run, ToolResult } from "../run-tool.ts";
import { hostPath, nodePath, writeSecret } from "./place.ts";
import type { DocumentStore } from "./rotate.ts";

/**
 * The file on a minikube node and on its host. The host's copy is written first: should the node restart in between, it
 * gets that one, which still has every key that is needed.
 */
export function minikubeStore(profile: string, home: MinikubeHome, run: Run): DocumentStore {
  const host = hostPath(home, profile);
  const node = nodePath(profile);
  const minikube = async (...args: string[]): Promise<ToolResult> => {
    const result = await run("minikube", [...args]);
    if (result === undefined) throw new StepFailure("minikube is not installed");
    return result;
  };
  const onNode = (command: string) => minikube("ssh", `--profile=${profile}`, "--", command);
  const must = async (what: string, running: Promise<ToolResult>): Promise<string> => {
    const { code, stdout, stderr } = await running;
    if (code !== 0) throw new StepFailure(`${what} failed: ${stderr.trim()}`);
    return stdout.replaceAll("\r\n", "\n");
  };
  let onNodeNow = "";
  return {
    removal: [`rm ${host}`, `minikube ssh --profile=${profile} -- sudo rm ${node}`],
    read: async () => {
      // "Not there" and "cannot be read" must not look alike: a key that was overlooked would be dropped.
      const look = `if sudo test -e ${node}; then sudo cat ${node}; fi`;
      onNodeNow = await must(`reading ${node} of profile ${profile}`, onNode(look));
      // Both gone: the key in Pulumi's state is written anew. That loses nothing: what was written with another key stays
      // in etcd as it is, and the rewriting that follows says so.
      return [onNodeNow, readText(host)].filter((text) => text.trim() !== "");
    },
    write: async (document) => {
      if (readText(host) !== document) writeSecret(host, document);
      if (onNodeNow === document) return;
      await must("copying the EncryptionConfiguration to the node", minikube("cp", `--profile=${profile}`, host, node));
      await must("protecting the EncryptionConfiguration", onNode(`sudo chmod 600 ${node}`));
      onNodeNow = document;
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
