import type { Problem } from "../problem.ts";

/** Passthrough to a pod that speaks no TLS: the mistake that the first prototype was made with. */
export function clearTextBehindPassthrough(path: readonly string[], app: string): Problem {
  return {
    path,
    message: `Passthrough hands the client's TLS to the pod untouched, but ${app} speaks no TLS; use Terminate, or give the pod a certificate (nginx: { tls: { issuer: … } })`,
  };
}
