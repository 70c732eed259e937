import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Wanted } from "../../support/diagnosis.ts";
import { type LiveObjects, notReady } from "../../support/live-objects.ts";

/** Something wrong with the objects of a stack that is up, and what the doctor must say of it. */
export interface Case {
  readonly title: string;
  readonly stack: string;
  readonly disease: (live: LiveObjects) => void;
  /** Kinds that the cluster does not know. */
  readonly unserved?: readonly string[];
  readonly wanted: Wanted;
}

/** What cert-manager puts before Vault's own words. */
export const vaultSays = (text: string) =>
  `Failed to initialize Vault client: while requesting a Vault token using the Kubernetes auth: ${text}`;

/** A Certificate without its Secret, which cert-manager says to be at work on. */
export function unissued(live: LiveObjects, namespace: string, certificate: string): void {
  const { spec } = live.get(`Certificate ${namespace}/${certificate}`);
  live.change(`Certificate ${namespace}/${certificate}`, {
    status: notReady("DoesNotExist", "Issuing certificate as Secret does not exist"),
  });
  const name: unknown = typeof spec === "object" && spec !== null ? Reflect.get(spec, "secretName") : undefined;
  live.remove(`Secret ${namespace}/${String(name)}`);
}

/** A warning about an object, of the kind that kubelets and controllers write. */
export function event(
  namespace: string,
  about: string,
  name: string,
  lastTimestamp: string,
  message: string,
  kind = "Pod",
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    type: "Warning",
    involvedObject: { kind, namespace, name: about },
    lastTimestamp,
    message,
  };
}
