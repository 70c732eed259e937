// docs/user-guide/nginx-configuration/annotations.md#canary of kubernetes/ingress-nginx
import { RE2JS } from "re2js";
import type { ArrivedRequest } from "./decision.ts";
import type { CanaryPolicy } from "./ingress-model.ts";
import type { Random } from "./weights.ts";

/** Whether a request is the canary's: by its header, else by its cookie, else by chance. */
export function isCanaryRequest(policy: CanaryPolicy, request: ArrivedRequest, random: Random): boolean {
  const { weight, weightTotal } = policy;
  const chosen = byHeader(policy, request) ?? alwaysOrNever(cookie(request, policy.cookie));
  if (chosen !== undefined) return chosen;
  return weight > 0 && random() * weightTotal < weight;
}

function byHeader({ header, headerValue, headerPattern }: CanaryPolicy, request: ArrivedRequest): boolean | undefined {
  const value = header === undefined ? undefined : request.headers[header.toLowerCase()];
  if (typeof value !== "string") return undefined;
  if (headerValue !== undefined) return value === headerValue ? true : undefined;
  if (headerPattern !== undefined) return finds(headerPattern, value) ? true : undefined;
  return alwaysOrNever(value);
}

function alwaysOrNever(value: string | undefined): boolean | undefined {
  return value === "always" ? true : value === "never" ? false : undefined;
}

function finds(pattern: string, value: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(value).find();
  } catch {
    return false;
  }
}

function cookie(request: ArrivedRequest, name: string | undefined): string | undefined {
  const sent = request.headers.cookie;
  if (name === undefined || typeof sent !== "string") return undefined;
  const pair = sent.split(/;\s*/).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
