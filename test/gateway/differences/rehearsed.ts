import { StandIns } from "../../../lab/gateway/backends/stand-ins.ts";
import { ManifestCertificates } from "../../../lab/gateway/certificates/manifest-certificates.ts";
import { ThrowAwayAuthority } from "../../../lab/gateway/certificates/throw-away.ts";
import { probeThrough } from "../../../lab/gateway/probing.ts";
import { serve } from "../../../lab/gateway/serve.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { parseManifests } from "../../../lab/manifests/parse.ts";
import type { Answer } from "../../../lab/probe/model.ts";
import type { Topology } from "../../../lab/topology/model.ts";
import { type Difference, GATEWAY, NAMESPACE, OBJECTS, SECRETS } from "./differences.ts";

/** The objects that the requests meet, certificates by an authority made for them. */
export async function differenceObjects(): Promise<KubeObject[]> {
  const { objects, mistakes } = parseManifests(OBJECTS, "differences.yaml");
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  const authority = await ThrowAwayAuthority.create();
  const secrets = Object.entries(SECRETS).map(async ([name, host]): Promise<KubeObject> => {
    const use = { namespace: NAMESPACE, name, hostnames: [host], declared: true };
    const answer = await authority.certificate(use, undefined);
    if ("refused" in answer) throw new Error(answer.refused);
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace: NAMESPACE },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": answer.chain, "tls.key": answer.key, "ca.crt": authority.certificatePem },
    };
  });
  return [...objects.map(({ object }) => object), ...(await Promise.all(secrets))];
}

/** What of an answer is compared: "200 by a", "301 to http://…", "404", "refused". */
export function essence({ status, backend, path, headers }: Answer): string {
  if (status === 0) return "refused";
  if (headers.location !== undefined) return `${status} to ${headers.location}`;
  return backend === null
    ? String(status)
    : `${status} by ${backend.split("/")[1]}${path === null ? "" : `, which sees ${path}`}`;
}

/** What the local gateway answers to each of the requests. */
export async function rehearsedAnswers(
  topology: Topology,
  differences: readonly Difference[],
  virtualHosts: boolean,
): Promise<string[]> {
  const certificates = new ManifestCertificates(topology.objects, await ThrowAwayAuthority.create());
  const backends = await StandIns.start(topology, certificates);
  const gateway = await serve(topology, { certificates, backends, virtualHosts });
  try {
    const answers: string[] = [];
    for (const { request } of differences)
      answers.push(essence(await probeThrough(gateway, { ...request, gateway: GATEWAY })));
    return answers;
  } finally {
    await gateway.close();
  }
}
