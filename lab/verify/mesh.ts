import { ambientNamespaces } from "../../config/derive/apps.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Kubectl } from "../live/kubectl.ts";
import { getObject, listObjects } from "../live/objects.ts";
import { fields, fieldsAt, fieldsList, text, textMap } from "../manifests/fields.ts";
import { seen } from "./claims.ts";
import type { Check, Result } from "./result.ts";

type Seen = Pick<Result, "expected" | "got" | "ok" | "how">;
/** ztunnel's own view of every workload, served inside its pod (https://istio.io/latest/docs/ambient/usage/troubleshoot-ztunnel/). */
const ztunnelAdmin = 15000;

/** Namespaces that a stack calls ambient must be so for Istio, and their pods must be reached by HBONE, which is mTLS. */
export function meshChecks(prototype: Prototype, kubectl: Kubectl): Check[] {
  return [...ambientNamespaces(prototype)].flatMap((namespace) => {
    const label = `Namespace ${namespace} in the ambient mesh`;
    const protocol = `mTLS to the pods of ${namespace}`;
    return [
      { asked: label, run: () => seen("", label, () => enrolled(kubectl, namespace)) },
      { asked: protocol, run: () => seen("", protocol, () => hbone(kubectl, namespace)) },
    ];
  });
}

async function enrolled(kubectl: Kubectl, namespace: string): Promise<Seen> {
  const object = await getObject(kubectl, "namespace", undefined, namespace);
  const mode = textMap(fieldsAt(object, "metadata", "labels"))["istio.io/dataplane-mode"];
  return {
    expected: "istio.io/dataplane-mode: ambient",
    got: mode === undefined ? "no such label" : `istio.io/dataplane-mode: ${mode}`,
    ok: mode === "ambient",
    how: "labels of the Namespace",
  };
}

async function hbone(kubectl: Kubectl, namespace: string): Promise<Seen> {
  const expected = "HBONE for every pod";
  const pods = await listObjects(kubectl, "pods", ["-n", "istio-system", "-l", "app=ztunnel"]);
  const pod = text(fields(pods[0]?.metadata).name);
  const how = `what ztunnel ${pod ?? ""} knows of its workloads`;
  if (pod === undefined) return { expected, got: "no ztunnel runs in istio-system", ok: false, how };
  const forward = await kubectl.forward("istio-system", `pod/${pod}`, ztunnelAdmin);
  try {
    const response = await fetch(`http://127.0.0.1:${forward.port}/config_dump`, {
      signal: AbortSignal.timeout(10_000),
    });
    return { expected, how, ...judge(workloadsOf(await response.json(), namespace)) };
  } finally {
    forward.close();
  }
}

interface SeenWorkload {
  readonly name: string;
  readonly protocol: string;
}

/** Pods of a namespace as ztunnel lists them; a gateway's own pods stand outside of the mesh and do not count. */
export function workloadsOf(dump: unknown, namespace: string): SeenWorkload[] {
  const { workloads } = fields(dump);
  const all = Array.isArray(workloads) ? fieldsList(workloads) : fieldsList(Object.values(fields(workloads)));
  return all
    .filter((workload) => text(workload.namespace) === namespace && !isGateway(text(workload.workloadName) ?? ""))
    .map(({ name, protocol }) => ({ name: text(name) ?? "?", protocol: text(protocol) ?? "TCP" }));
}

function isGateway(workload: string): boolean {
  return /-(istio|waypoint)$|^waypoint$/.test(workload);
}

function judge(workloads: readonly SeenWorkload[]): Pick<Seen, "got" | "ok"> {
  const clear = workloads.filter(({ protocol }) => protocol !== "HBONE");
  if (workloads.length === 0) return { got: "ztunnel knows no pod there", ok: false };
  if (clear.length === 0) return { got: `HBONE for ${workloads.length} pods`, ok: true };
  return { got: `${clear.map(({ name, protocol }) => `${name}: ${protocol}`).join(", ")}`, ok: false };
}
