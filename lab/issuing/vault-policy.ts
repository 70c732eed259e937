/** The capabilities that a policy grants on one path. */
export interface PolicyRule {
  readonly path: string;
  readonly capabilities: readonly string[];
}

/** Reads the `path "…" { capabilities = […] }` blocks of a policy in HCL; what else a policy may hold is passed over. */
export function readPolicy(hcl: string): PolicyRule[] {
  return [...hcl.matchAll(/path\s+"([^"]+)"\s*\{([^}]*)\}/g)].map(([, path = "", body = ""]) => ({
    path,
    capabilities: [...(/capabilities\s*=\s*\[([^\]]*)\]/.exec(body)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
      ([, capability = ""]) => capability,
    ),
  }));
}

/**
 * Whether rules grant a capability on a path: a rule's path may end in "*" (any rest) and hold "+" (any one segment);
 * the most specific rule that matches decides, and "deny" always wins.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#policy-syntax
 */
export function grants(rules: readonly PolicyRule[], path: string, capability: string): boolean {
  const matching = rules.filter((rule) => pathMatches(rule.path, path));
  const longest = Math.max(0, ...matching.map((rule) => specificity(rule.path)));
  const deciding = matching.filter((rule) => specificity(rule.path) === longest);
  if (deciding.some((rule) => rule.capabilities.includes("deny"))) return false;
  return deciding.some((rule) => rule.capabilities.includes(capability));
}

function pathMatches(pattern: string, path: string): boolean {
  const escaped = pattern.replace(/[.?^${}()|[\]\\]/g, "\\$&").replaceAll("+", "[^/]+");
  const body = escaped.endsWith("*") ? `${escaped.slice(0, -1)}.*` : escaped;
  return new RegExp(`^${body.replace(/\*(?!$)/g, (star, at) => (body[at - 1] === "." ? star : "\\*"))}$`).test(path);
}

function specificity(pattern: string): number {
  const plain = pattern.replace(/\*$/, "");
  return plain.length * 2 + (plain === pattern ? 1 : 0);
}
