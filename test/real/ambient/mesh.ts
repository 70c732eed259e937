import { fieldsAt, fieldsList, text } from "../../../lab/manifests/fields.ts";
import type { Istiod } from "../gateway/istiod.ts";

/** What istiod tells every ztunnel of a pod or Service (its workload API, as /debug/ambientz prints it). */
export interface MeshMember {
  /** "namespace/name": of a pod its workload's name, as Deployment's */
  readonly name: string;
  /** how the bytes to it travel: "HBONE" is mTLS by ztunnel */
  readonly tunnel: string;
  /** "namespace/name" of the waypoint that its traffic goes through */
  readonly waypoint: string | undefined;
}

export interface Mesh {
  readonly workloads: readonly MeshMember[];
  readonly services: readonly MeshMember[];
}

/** The mesh as istiod sees it now, pods that share a workload told once for each difference. */
export async function meshOf(istiod: Istiod): Promise<Mesh> {
  const dump = fieldsAt(await istiod.debug("ambientz"));
  const workloads = fieldsList(dump.workloads)
    .filter(({ uid }) => text(uid)?.includes("//Pod/"))
    .map((one) => member(one, one.workloadName));
  return {
    workloads: distinct(workloads),
    services: distinct(fieldsList(dump.services).map((one) => member(one, one.name))),
  };
}

function member(entry: Record<string, unknown>, name: unknown): MeshMember {
  const { hostname } = fieldsAt(entry, "waypoint", "hostname");
  const [service, namespace] = (text(hostname) ?? "").split(".");
  return {
    name: `${entry.namespace}/${name}`,
    tunnel: text(entry.tunnelProtocol) ?? "NONE",
    waypoint: service === "" || service === undefined ? undefined : `${namespace}/${service}`,
  };
}

function distinct(members: readonly MeshMember[]): MeshMember[] {
  return [...new Map(members.map((one) => [JSON.stringify(one), one])).values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}
