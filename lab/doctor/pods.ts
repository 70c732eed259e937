import { fields, fieldsAt, fieldsList, number, text } from "../manifests/fields.ts";
import { type KubeObject, refOf } from "../manifests/object.ts";
import { conditionsOf, statusOf } from "./conditions.ts";
import type { Broken } from "./diagnosis.ts";
import { lastWarning } from "./events.ts";

interface Reason {
  readonly pattern: RegExp;
  readonly meaning: string;
  readonly trouble?: string;
}

/** What the kubelet's words mean (https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/). */
const reasons: readonly Reason[] = [
  {
    pattern: /toomanyrequests|rate limit/i,
    meaning:
      "the registry refuses because too many images were pulled; use learn:mirror.images or log in to the registry",
    trouble: "T20",
  },
  {
    pattern: /ErrImagePull|ImagePullBackOff|InvalidImageName/,
    meaning: "the image cannot be pulled: its name, its version or the way to the registry is wrong",
    trouble: "T20",
  },
  {
    pattern: /too many open files|inotify/i,
    meaning: "the node is out of file watches; raise fs.inotify.max_user_instances on the machine",
    trouble: "T22",
  },
  {
    pattern: /netns|ztunnel|istio-cni/i,
    meaning:
      "the mesh could not take the pod in: istio-cni looks for its network namespace in the wrong place, or ztunnel is not there",
    trouble: "T1",
  },
  {
    pattern: /secret "?[^"]+"? not found|MountVolume.*secret/i,
    meaning: "it waits for a Secret that nobody has made yet",
  },
  {
    pattern: /Insufficient (cpu|memory)/,
    meaning: "no node has room: give the cluster more cpus or memory (learn:cluster.minikube)",
  },
  { pattern: /CrashLoopBackOff/, meaning: "the program in it starts and ends again; its log says why" },
];

/**
 * Why a pod is not ready, in its own words and those of the kubelet's warnings; undefined when it is.
 * @param objects where the warnings are: what keeps a pod from starting at all is told by Events only
 */
export function podTrouble(pod: KubeObject, objects: readonly KubeObject[] = []): Broken | undefined {
  const status = statusOf(pod);
  const ready = conditionsOf(status).find(({ type }) => type === "Ready");
  if (ready?.status === "True") return undefined;
  const words = [
    ...containerWords(pod),
    ...conditionsOf(status)
      .filter(({ status }) => status !== "True")
      .map(({ message }) => message),
    lastWarning(pod, objects) ?? "",
  ]
    .filter((word) => word !== "")
    .join("; ");
  const text = words === "" ? `phase ${String(status.phase ?? "unknown")}` : words;
  const known = reasons.find(({ pattern }) => pattern.test(text));
  const { namespace = "default", name } = pod.metadata;
  const crashed = /CrashLoopBackOff/.test(text);
  return {
    from: refOf(pod),
    to: null,
    status: text,
    meaning: known?.meaning ?? "the pod is not ready",
    next: crashed ? `kubectl -n ${namespace} logs ${name} --previous` : `kubectl -n ${namespace} describe pod ${name}`,
    ...(known?.trouble === undefined ? {} : { trouble: known.trouble }),
  };
}

function containerWords(pod: KubeObject): string[] {
  const status = statusOf(pod);
  const all = [...fieldsList(status.initContainerStatuses), ...fieldsList(status.containerStatuses)];
  return all.flatMap((container) => {
    const { reason, message } = fieldsAt(container, "state", "waiting");
    const restarts = number(container.restartCount) ?? 0;
    const words = [text(reason), text(message), restarts > 3 ? `restarted ${restarts} times` : undefined];
    return words.filter((word) => word !== undefined);
  });
}

/** Pods that a selector matches, in one namespace; an empty selector, as of a Service whose endpoints are made by hand, matches none. */
export function podsOf(
  objects: readonly KubeObject[],
  namespace: string,
  selector: Readonly<Record<string, string>>,
): KubeObject[] {
  const pairs = Object.entries(selector);
  return objects.filter(
    ({ kind, metadata }) =>
      kind === "Pod" &&
      metadata.namespace === namespace &&
      pairs.length > 0 &&
      pairs.every(([key, value]) => fields(metadata.labels)[key] === value),
  );
}
