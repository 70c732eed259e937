import type { Manifest } from "../kubernetes/apply.ts";

/** What a Deployment of one container and its Service need to say; everything else follows. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  /** Labels that select the pods. */
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
  readonly serviceAccount?: string;
  readonly container: Container;
  readonly volumes?: readonly Volume[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly portName: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type Volume = { readonly name: string; readonly path: string } & (
  | { readonly secret: string }
  | { readonly configMap: string }
  | { readonly claim: string }
  | { readonly emptyDir: true }
);

/** Enough for a demonstration, and small enough that a laptop holds all of them. */
const resources = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } };

/** A Deployment whose pods count as ready when their port accepts connections. */
export function deployment({
  name,
  namespace,
  labels,
  replicas,
  serviceAccount,
  container,
  volumes = [],
}: Workload): Manifest {
  const { port, portName, env, ...rest } = container;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
          containers: [
            {
              ...rest,
              ...(env === undefined ? {} : { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }),
              ports: [{ name: portName, containerPort: port }],
              readinessProbe: { tcpSocket: { port } },
              resources,
              ...(volumes.length === 0 ? {} : { volumeMounts: volumes.map(mountOf) }),
            },
          ],
          ...(volumes.length === 0 ? {} : { volumes: volumes.map(sourceOf) }),
        },
      },
    },
  };
}

function mountOf(volume: Volume) {
  const readOnly = "secret" in volume || "configMap" in volume;
  return { name: volume.name, mountPath: volume.path, ...(readOnly ? { readOnly } : {}) };
}

function sourceOf(volume: Volume) {
  if ("secret" in volume) return { name: volume.name, secret: { secretName: volume.secret } };
  if ("configMap" in volume) return { name: volume.name, configMap: { name: volume.configMap } };
  if ("claim" in volume) return { name: volume.name, persistentVolumeClaim: { claimName: volume.claim } };
  return { name: volume.name, emptyDir: {} };
}

export interface ServiceSpec {
  readonly name: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly port: number;
  readonly targetPort: number | string;
  /** Istio and NGINX infer the protocol from it, so it must match what the container speaks. */
  readonly portName: string;
}

export function service({ name, namespace, selector, port, targetPort, portName }: ServiceSpec): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: selector },
    spec: { selector, ports: [{ name: portName, port, targetPort }] },
  };
}
