/**
 * Names of resources as EncryptionConfiguration takes them: `secrets` (core group), `deployments.apps`, `*.apps` (a whole
 * group), `*.` (the core group), `*.*` (everything).
 */

/** Whether `pattern` speaks for `resource` too, which then must not be named again. */
export function covers(pattern: string, resource: string): boolean {
  if (pattern === resource || pattern === "*.*") return true;
  if (!pattern.startsWith("*.")) return false;
  return groupOf(resource) === pattern.slice(2);
}

/** The names that no other one speaks for: the API server refuses a list in which two name the same resource. */
export function withoutOverlap(names: readonly string[]): string[] {
  const distinct = [...new Set(names)];
  return distinct.filter((name) => !distinct.some((other) => other !== name && covers(other, name)));
}

/** The resources that a cluster really has (`kubectl api-resources -o name`) for the names in a configuration. */
export function expand(patterns: readonly string[], available: readonly string[]): string[] {
  const wild = patterns.filter((pattern) => pattern.startsWith("*."));
  const plain = patterns.filter((pattern) => !pattern.startsWith("*."));
  const matched = available.filter((resource) => wild.some((pattern) => covers(pattern, resource)));
  return [...new Set([...plain, ...matched])].filter((resource) => !derived.has(resource));
}

/** Kept as core `events`; a second look at the same objects. */
const derived = new Set(["events.events.k8s.io"]);

/** `apps` of `deployments.apps`, nothing of `secrets`. */
function groupOf(resource: string): string {
  const dot = resource.indexOf(".");
  return dot < 0 ? "" : resource.slice(dot + 1);
}
