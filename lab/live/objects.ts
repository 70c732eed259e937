import type { ToolResult } from "../../components/cluster/run-tool.ts";
import { type Fields, fields, fieldsList, text } from "../manifests/fields.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import type { Kubectl } from "./kubectl.ts";

/** One object by kind and name; undefined when there is none. @throws VisibleError when the cluster cannot be asked. */
export async function getObject(
  kubectl: Kubectl,
  kind: string,
  namespace: string | undefined,
  name: string,
): Promise<Fields | undefined> {
  const scope = namespace === undefined ? [] : ["-n", namespace];
  const result = await kubectl.run([...scope, "get", kind, name, "-o", "json", "--ignore-not-found"]);
  if (result.code !== 0) {
    if (isMissingKind(result)) return undefined;
    throw unreachable(kubectl, result);
  }
  return result.stdout.trim() === "" ? undefined : fields(JSON.parse(result.stdout));
}

/** All objects of a kind; [] when the cluster does not know the kind. @throws VisibleError when it cannot be asked. */
export async function listObjects(kubectl: Kubectl, kind: string, args: readonly string[] = ["-A"]): Promise<Fields[]> {
  const result = await kubectl.run(["get", kind, ...args, "-o", "json"]);
  if (result.code !== 0) {
    if (isMissingKind(result)) return [];
    throw unreachable(kubectl, result);
  }
  return fieldsList(fields(JSON.parse(result.stdout)).items);
}

/** All objects of several kinds at once; undefined when the cluster does not know one of them, or does not let it be listed. */
export async function listTogether(kubectl: Kubectl, kinds: readonly string[]): Promise<Fields[] | undefined> {
  const result = await kubectl.run(["get", kinds.join(","), "-A", "-o", "json"]);
  if (result.code === 0) return fieldsList(fields(JSON.parse(result.stdout)).items);
  if (isMissingKind(result) || isForbidden(result)) return undefined;
  throw unreachable(kubectl, result);
}

/** As {@link listObjects}, and why there is no list: the cluster does not know the kind, or this context may not list it. */
export async function listOfKind(kubectl: Kubectl, kind: string): Promise<Fields[] | "unserved" | "forbidden"> {
  const result = await kubectl.run(["get", kind, "-A", "-o", "json"]);
  if (result.code === 0) return fieldsList(fields(JSON.parse(result.stdout)).items);
  if (isMissingKind(result)) return "unserved";
  if (isForbidden(result)) return "forbidden";
  throw unreachable(kubectl, result);
}

/** A decoded value of a Secret. */
export async function secretValue(kubectl: Kubectl, namespace: string, name: string, key: string) {
  const secret = await getObject(kubectl, "secret", namespace, name);
  const encoded = text(fields(secret?.data)[key]);
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}

function isMissingKind({ stderr }: ToolResult): boolean {
  return /the server doesn't have a resource type|could not find the requested resource|no matches for kind/.test(
    stderr,
  );
}

function isForbidden({ stderr }: ToolResult): boolean {
  return /\(Forbidden\)/.test(stderr);
}

/** One message for a cluster that does not answer, with what to do about it. */
export function unreachable({ context }: Kubectl, { stderr }: ToolResult): VisibleError {
  const reason = stderr.trim().split("\n").at(-1) ?? "";
  if (
    /context .* does not exist|context was not found|no context exists|no configuration has been provided/.test(stderr)
  ) {
    return new VisibleError(
      `kubectl knows no context ${context}: \`kubectl config get-contexts\` lists those there are; a stack brings its own with \`npm run up -- <stack>\`. (${reason})`,
    );
  }
  if (/certificate has expired or is not yet valid/.test(stderr)) {
    return new VisibleError(
      `the certificates of the cluster behind context ${context} are not valid at this machine's time: ${reason}. Compare the clocks (\`date\`, \`minikube ssh date\`); \`minikube start\` renews what has expired.`,
    );
  }
  if (/forbidden|unauthorized/i.test(stderr)) {
    return new VisibleError(
      `context ${context} may not read what is needed: ${reason}. Ask for a role that may get and list it.`,
    );
  }
  return new VisibleError(
    `the cluster behind context ${context} does not answer: ${reason}. Is it running? \`minikube status -p ${context}\`, then \`npm run up -- <stack>\` starts it again.`,
  );
}
