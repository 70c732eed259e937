import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Fields, fieldsAt, fieldsList, textMap } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { selectorMatches } from "../../../lab/topology/namespaces.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { context } from "../lab/context.ts";

const REDIRECTION = "ambient.istio.io/redirection";

/**
 * Stands in for Istio's CNI agent, which needs a real node: it enrols the pods that the chart's own `enablementSelectors`
 * choose, and lets go those that they choose no more. Of what the agent does to a pod only the annotation is made, in the
 * pod's status as the agent makes it (cni/pkg/util/podutil.go, AnnotateEnrolledPod); by it istiod knows captured pods.
 */
export class CniAgent {
  private readonly plane: ControlPlane;
  private readonly selectors: readonly Fields[];

  constructor(plane: ControlPlane) {
    this.plane = plane;
    const values = parse(
      readFileSync(join(context().sources.istio ?? "", "manifests/charts/istio-cni/values.yaml"), "utf8"),
    );
    this.selectors = fieldsList(fieldsAt(values, "_internal_defaults_do_not_set", "ambient").enablementSelectors);
    if (this.selectors.length === 0) throw new Error("the chart istio-cni has no ambient.enablementSelectors any more");
  }

  /** Looks at every running pod once. */
  async look(): Promise<void> {
    const { client } = this.plane;
    const namespaces: KubeObject[] = (await client.list("v1", "Namespace")).body.items;
    const labels = new Map(namespaces.map(({ metadata }) => [metadata.name, textMap(metadata.labels)]));
    const pods: KubeObject[] = (await client.list("v1", "Pod")).body.items;
    for (const { metadata, spec } of pods) {
      const { namespace = "default", name, annotations = {} } = metadata;
      const chosen =
        fieldsAt(spec).hostNetwork !== true &&
        this.selectors.some(
          ({ podSelector, namespaceSelector }) =>
            selectorMatches(fieldsAt(podSelector), textMap(metadata.labels)) &&
            selectorMatches(fieldsAt(namespaceSelector), labels.get(namespace) ?? {}),
        );
      if (chosen === (annotations[REDIRECTION] === "enabled")) continue;
      const patch = { metadata: { annotations: { [REDIRECTION]: chosen ? "enabled" : null } } };
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
      const answer = await client.send("PATCH", path, patch, "application/merge-patch+json");
      if (answer.status >= 300) throw new Error(`pod ${namespace}/${name}: ${answer.body.message}`);
    }
  }
}
