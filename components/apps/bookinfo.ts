import { mainService, namespaceOf } from "../../config/derive/apps.ts";
import type { AppConfig } from "../../config/schema.ts";
import { images } from "../../config/versions.ts";
import type { Manifest } from "../kubernetes/apply.ts";
import { deployment, service, type Volume } from "./workload.ts";

interface Part {
  readonly name: string;
  readonly version: string;
  readonly image: string;
}

const port = 9080;
const parts: readonly Part[] = [
  { name: "productpage", version: "v1", image: images.bookinfo.productpage },
  { name: "details", version: "v1", image: images.bookinfo.details },
  { name: "ratings", version: "v1", image: images.bookinfo.ratings },
  { name: "reviews", version: "v1", image: images.bookinfo.reviewsV1 },
  { name: "reviews", version: "v2", image: images.bookinfo.reviewsV2 },
  { name: "reviews", version: "v3", image: images.bookinfo.reviewsV3 },
];

/**
 * Istio's Bookinfo: four Services, six Deployments, and a Service per version, which is what an HTTPRoute needs to
 * split traffic (https://istio.io/latest/docs/examples/bookinfo/).
 */
export function bookinfoManifests(name: string, app: AppConfig): Manifest[] {
  const namespace = namespaceOf(name, app);
  const main = mainService(name, app);
  const services = [...new Set(parts.map((part) => part.name))];
  return [
    ...services.map((part) => account(part, namespace)),
    ...services.map((part) =>
      part === "productpage"
        ? service({ ...main, namespace, selector: { app: part } })
        : service({ name: part, namespace, selector: { app: part }, port, targetPort: port, portName: "http" }),
    ),
    ...parts.map((part) =>
      service({
        name: `${part.name}-${part.version}`,
        namespace,
        selector: labelsOf(part),
        port,
        targetPort: port,
        portName: "http",
      }),
    ),
    ...parts.map((part) => partDeployment(part, namespace, app.replicas ?? 1)),
  ];
}

function labelsOf({ name, version }: Part) {
  return { app: name, version };
}

function accountName(part: string): string {
  return `bookinfo-${part}`;
}

function account(part: string, namespace: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: accountName(part), namespace, labels: { account: part } },
  };
}

function partDeployment(part: Part, namespace: string, replicas: number): Manifest {
  return deployment({
    name: `${part.name}-${part.version}`,
    namespace,
    labels: labelsOf(part),
    replicas,
    serviceAccount: accountName(part.name),
    container: { name: part.name, image: part.image, port, portName: "http", ...reviewsLogs(part) },
    volumes: scratch(part),
  });
}

function reviewsLogs(part: Part) {
  return part.name === "reviews" ? { env: { LOG_DIR: "/tmp/logs" } } : {};
}

/** Folders the images write to. */
function scratch(part: Part): Volume[] {
  if (part.name === "productpage") return [{ name: "tmp", path: "/tmp", emptyDir: true }];
  if (part.name !== "reviews") return [];
  return [
    { name: "tmp", path: "/tmp", emptyDir: true },
    { name: "wlp-output", path: "/opt/ibm/wlp/output", emptyDir: true },
  ];
}
