import { mainService, namespaceOf } from "../../config/derive/apps.ts";
import { ingressCertificate } from "../../config/derive/certificates.ts";
import type { AppConfig, IngressConfig } from "../../config/schema.ts";
import type { Manifest } from "../kubernetes/apply.ts";

/** What ingress-nginx needs to hand a connection to the pod unopened; a Gateway says it with `mode: Passthrough`. */
const passthrough = {
  "nginx.ingress.kubernetes.io/ssl-passthrough": "true",
  "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS",
};

/** An Ingress (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/). */
export function ingressManifest(
  name: string,
  app: AppConfig,
  ingress: IngressConfig,
  pulumiAnnotations: Readonly<Record<string, string>>,
): Manifest {
  const { host, tls, paths } = ingress;
  const annotations = {
    ...(tls?.mode === "Passthrough" ? passthrough : {}),
    ...ingress.annotations,
    ...pulumiAnnotations,
  };
  const main = mainService(name, app);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace: namespaceOf(name, app),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ingressClassName: ingress.class,
      rules: [
        {
          ...(host === undefined ? {} : { host }),
          http: {
            paths: paths.map((path) => ({
              path,
              pathType: "Prefix",
              backend: { service: { name: main.name, port: { number: main.port } } },
            })),
          },
        },
      ],
      ...(tls?.mode === "Terminate" && host !== undefined
        ? { tls: [{ hosts: [host], secretName: ingressCertificate(name).secret }] }
        : {}),
    },
  };
}
