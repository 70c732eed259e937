import type { Service, Workload } from "../topology/model.ts";

/** An application: pods of one label in one namespace. */
export interface AppName {
  readonly app: string;
  readonly namespace: string;
}

/** One name for the application alone: "book/productpage". */
export function appKey({ namespace, app }: AppName): string {
  return `${namespace}/${app}`;
}

/** An application is called as its pods are labelled; a Service without known pods by its own name. */
export function appOfService(service: Service | undefined, namespace: string, name: string): AppName {
  return { app: service?.selector?.app ?? name, namespace };
}

export function appOfWorkload({ labels, namespace, name }: Workload): AppName {
  return { app: labels.app ?? name, namespace };
}
