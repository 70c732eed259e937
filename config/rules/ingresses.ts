import { speaks } from "../derive/apps.ts";
import type { Problem } from "../problem.ts";
import type { AppConfig, Prototype } from "../schema.ts";
import { clearTextBehindPassthrough } from "./passthrough.ts";

/** Rules of an application's Ingress. */
export function ingressProblems({ platform, cluster }: Prototype, name: string, app: AppConfig): Problem[] {
  if (!app.ingress) return [];
  const path = ["apps", name, "ingress"];
  const { tls, host } = app.ingress;
  const problems: Problem[] = [];
  if (!platform.ingressNginx && cluster.minikube) {
    problems.push({
      path,
      message: "is an Ingress, but learn:platform.ingressNginx is missing; add ingressNginx: {} there",
    });
  }
  if (tls && host === undefined) {
    problems.push({ path: [...path, "host"], message: "missing; TLS is chosen by the host's name" });
  }
  if (tls?.mode === "Terminate" && tls.issuer === undefined) {
    problems.push({ path: [...path, "tls", "issuer"], message: "missing; expected an entry of learn:issuers" });
  }
  if (tls?.mode === "Passthrough" && speaks(app) !== "https")
    problems.push(clearTextBehindPassthrough([...path, "tls", "mode"], name));
  return problems;
}
