import * as pulumi from "@pulumi/pulumi";
import { mergeValues, type Values } from "./charts/merge-values.ts";
import { chartRelease } from "./charts/release.ts";
import { imageName, ownNamespace, type PartArgs } from "./platform-args.ts";

export interface IngressNginxArgs extends PartArgs {
  /** Whether an Ingress passes TLS on to a pod that holds the certificate itself. */
  readonly sslPassthrough: boolean;
  /** Whether somebody gives addresses to LoadBalancer Services; otherwise the node's own ports 80 and 443 are taken. */
  readonly addresses: boolean;
  /** The node's role is marked by minikube. */
  readonly minikube: boolean;
  /** Who gives the controller's Service its address; the release waits for one. */
  readonly after: readonly pulumi.Resource[];
}

const namespace = "ingress-nginx";

const retired =
  "ingress-nginx is retired: since March 2026 it gets no releases and no security fixes (https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/). It is installed here to learn from; the learn-03 stacks show the same with the Gateway API.";

/** The ingress controller of the Kubernetes project, the way Ingress was served before the Gateway API. */
export class IngressNginx extends pulumi.ComponentResource {
  /** Ingresses are admitted and served once these are there. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: IngressNginxArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:IngressNginx", name, {}, opts);
    // Not about this resource: messages are sent in order, and this one would hold back those that come before the gate.
    pulumi.log.warn(retired);
    const home = ownNamespace(namespace, { parent: this });
    const release = chartRelease(
      `${name}-release`,
      {
        chart: {
          name: "ingress-nginx",
          version: args.versions.ingressNginx,
          repository: "https://kubernetes.github.io/ingress-nginx",
        },
        release: "ingress-nginx",
        namespace,
        values: mergeValues(ingressNginxValues(args), args.values),
        mirror: args.mirror.charts,
      },
      { parent: this, dependsOn: [home, ...args.after] },
    );
    this.ready = [release];
    this.registerOutputs({});
  }
}

/** https://github.com/kubernetes/ingress-nginx/blob/helm-chart-4.15.1/charts/ingress-nginx/values.yaml */
export function ingressNginxValues({
  mirror,
  sslPassthrough,
  addresses,
  minikube,
}: Pick<IngressNginxArgs, "mirror" | "sslPassthrough" | "addresses" | "minikube">): Values {
  return {
    // A mirror keeps tags; the digests of multi-architecture images do not survive every copy.
    ...(mirror.images === undefined ? {} : { global: { image: { registry: mirror.images.replace(/\/$/, "") } } }),
    controller: {
      ...(mirror.images === undefined
        ? {}
        : {
            image: { repository: imageName("registry.k8s.io/ingress-nginx/controller", mirror), digest: "" },
            admissionWebhooks: {
              patch: {
                image: {
                  repository: imageName("registry.k8s.io/ingress-nginx/kube-webhook-certgen", mirror),
                  digest: "",
                },
              },
            },
          }),
      resources: { requests: { cpu: "50m", memory: "90Mi" } },
      allowSnippetAnnotations: false,
      watchIngressWithoutClass: false,
      ingressClassResource: { default: false },
      ...(sslPassthrough ? { extraArgs: { "enable-ssl-passthrough": "true" } } : {}),
      ...(addresses ? { service: { type: "LoadBalancer" } } : onTheNode(minikube)),
    },
  };
}

/** Without load balancer: the node's own ports, on minikube's first node. */
function onTheNode(minikube: boolean): Values {
  return {
    service: { type: "NodePort" },
    hostPort: { enabled: true },
    publishService: { enabled: false },
    // The one pod holds the ports; a second one beside it could not start.
    updateStrategy: { type: "Recreate" },
    ...(minikube ? { nodeSelector: { "kubernetes.io/os": "linux", "minikube.k8s.io/primary": "true" } } : {}),
  };
}
