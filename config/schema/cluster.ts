import { z } from "../zod.ts";
import { memory, quantity, version } from "./words.ts";

export const minikube = z.strictObject({
  profile: z.string().optional().describe("minikube profile; default: the stack's name"),
  driver: z
    .enum(["docker", "podman", "kvm2", "qemu2", "vfkit", "hyperkit", "hyperv", "virtualbox", "krunkit"])
    .default("docker")
    .describe("what minikube runs the node in"),
  cpus: z.int("a whole number of CPUs").min(2, "at least 2 CPUs").default(4),
  memory: memory.default("8g").describe("memory of the node"),
  disk: memory.optional().describe("disk of the node; default: minikube's own"),
  containerRuntime: z.enum(["containerd", "docker", "cri-o"]).default("containerd"),
  subnet: z
    .string()
    .regex(/^\d+\.\d+\.\d+\.0\/24$/, "a /24 network such as 192.168.49.0/24")
    .optional()
    .describe("the node's network (docker and podman drivers only)"),
  switchContext: z.boolean().default(false).describe("make the new cluster kubectl's current context"),
});

export const cluster = z
  .strictObject({
    minikube: minikube.optional().describe("a minikube cluster of the stack's own, made and deleted with it"),
    context: z.string().min(1).optional().describe("an existing cluster: the kubeconfig context to use"),
    kubeconfig: z.string().min(1).optional().describe("path of the kubeconfig; default: kubectl's own rules"),
    loadBalancer: z
      .boolean()
      .optional()
      .describe(
        "existing cluster only: it gives addresses to LoadBalancer Services by itself; default true without MetalLB",
      ),
  })
  .describe("where the stack runs: exactly one of minikube and context");

export const encryption = z
  .strictObject({
    key: z
      .string()
      .regex(/^[a-z0-9]+$/, "a key name of lower-case letters and digits, such as key1")
      .default("key1")
      .describe(
        "name of the current key; a new name rotates: key added, API server reloaded, Secrets rewritten, old key dropped",
      ),
    provider: z.enum(["secretbox", "aescbc"]).default("secretbox"),
    resources: z.array(z.string().min(1)).min(1, "at least one resource").default(["secrets"]),
  })
  .describe("encryption at rest in etcd (minikube clusters only)");

const chart = z.strictObject({
  values: z.record(z.string(), z.unknown()).optional().describe("Helm values, merged over those the program sets"),
});

export const metallb = chart.extend({
  addresses: z
    .array(
      z
        .string()
        .regex(/^\d+(\.\d+){3}(-\d+(\.\d+){3}|\/\d{1,2})$/, "a range such as 192.168.49.240-192.168.49.250 or a CIDR"),
    )
    .min(1, "at least one address range")
    .optional()
    .describe("address pool; default: .240-.250 of the minikube node's network"),
});

export const istio = z.strictObject({
  mode: z.literal("ambient", "ambient, the only mode taught here").default("ambient"),
  values: z
    .strictObject({
      base: z.record(z.string(), z.unknown()).optional(),
      istiod: z.record(z.string(), z.unknown()).optional(),
      cni: z.record(z.string(), z.unknown()).optional(),
      ztunnel: z.record(z.string(), z.unknown()).optional(),
    })
    .optional()
    .describe("Helm values per chart, merged over those the program sets"),
});

export const vaultServer = chart.extend({
  replicas: z
    .union([z.literal(1), z.literal(3)], "1 or 3")
    .default(3)
    .describe("Raft servers"),
  storage: quantity.default("1Gi").describe("volume of each server"),
});

export const platform = z
  .strictObject({
    metallb: metallb.optional(),
    gatewayApi: z
      .strictObject({
        install: z
          .boolean()
          .default(true)
          .describe("false where the cluster already has the Gateway API's CRDs from somebody else"),
      })
      .optional(),
    istio: istio.optional(),
    certManager: chart.optional(),
    vault: vaultServer.optional(),
    ingressNginx: chart.optional(),
    nginxGatewayFabric: chart.optional(),
  })
  .describe("what is installed before the applications; a key that is there is installed");

export const versions = z
  .strictObject({
    minikube: version.optional(),
    kubernetes: version.optional(),
    gatewayApi: version.optional(),
    istio: version.optional(),
    certManager: version.optional(),
    metallb: version.optional(),
    vaultChart: version.optional(),
    vault: version.optional(),
    ingressNginx: version.optional(),
    nginxGatewayFabric: version.optional(),
  })
  .describe("pins other than those of config/versions.ts; combinations known to be bad are refused");

export const mirror = z
  .strictObject({
    charts: z
      .string()
      .min(1)
      .optional()
      .describe("oci:// prefix, or a directory with <chart>/ or <chart>-<version>.tgz"),
    crds: z.string().min(1).optional().describe("directory with the Gateway API's CRD files"),
    images: z.string().min(1).optional().describe("registry prefix that replaces every image's registry"),
  })
  .describe("where charts, CRDs and images come from instead of their public homes");
