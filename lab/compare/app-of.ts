import type { Service, Workload } from "../topology/model.ts";

/** An application is called as its pods are labelled; a Service without known pods by its own name. */
export function appOfService(service: Service | undefined, name: string): string {
  return service?.selector?.app ?? name;
}

export function appOfWorkload({ labels, name }: Workload): string {
  return labels.app ?? name;
}
