/** A Go module of `test/real/tools/` and the programs that are built from it. */
export interface ToolModule {
  /** folder below test/real/tools, also the module's name */
  readonly name: string;
  /** name of the program → its package */
  readonly programs: Readonly<Record<string, string>>;
  readonly version: string;
  /** rough time of a first build on two cores, told while it runs */
  readonly firstBuild: string;
  readonly tags?: string;
  readonly ldflags?: string;
  /** arguments that make the program print its version; without them only what was built here is used */
  readonly versionArgs?: readonly string[];
}

const KUBERNETES = "1.36.3";
const [KUBERNETES_MAJOR, KUBERNETES_MINOR] = KUBERNETES.split(".");
const KUBERNETES_STAMP = "k8s.io/component-base/version";

const PULUMI = "3.245.0";

const module = (value: ToolModule): ToolModule => value;

/** What can be built from the Go module proxy, one module each: their dependency graphs disagree. */
export const toolModules = {
  etcd: module({
    name: "etcd",
    version: "3.6.5",
    programs: { etcd: "go.etcd.io/etcd/server/v3" },
    firstBuild: "½ min",
    versionArgs: ["--version"],
  }),
  kubernetes: module({
    name: "kubernetes",
    version: KUBERNETES,
    programs: {
      "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
      "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
      "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
      kubectl: "k8s.io/kubernetes/cmd/kubectl",
    },
    firstBuild: "5 min",
    // without the stamp the API server calls itself v0.0.0 and refuses features by version
    ldflags: [
      `-X ${KUBERNETES_STAMP}.gitVersion=v${KUBERNETES}`,
      `-X ${KUBERNETES_STAMP}.gitMajor=${KUBERNETES_MAJOR}`,
      `-X ${KUBERNETES_STAMP}.gitMinor=${KUBERNETES_MINOR}`,
    ].join(" "),
    versionArgs: ["--version"],
  }),
  vault: module({
    name: "vault",
    version: "1.21.0",
    programs: { vault: "github.com/hashicorp/vault" },
    firstBuild: "8 min",
    versionArgs: ["version"],
  }),
  kwok: module({
    name: "kwok",
    version: "0.8.0",
    programs: { kwok: "sigs.k8s.io/kwok/cmd/kwok" },
    firstBuild: "1 min",
  }),
  istio: module({
    name: "istio",
    version: "1.31-20260827",
    programs: { "pilot-discovery": "istio.io/istio/pilot/cmd/pilot-discovery" },
    firstBuild: "6 min",
    tags: "vtprotobuf",
  }),
  metallb: module({
    name: "metallb",
    version: "0.16.2",
    programs: { "metallb-controller": "go.universe.tf/metallb/controller" },
    firstBuild: "3 min",
  }),
  "cert-manager": module({
    name: "cert-manager",
    version: "1.21.2",
    programs: { "cert-manager-controller": "." },
    firstBuild: "3 min",
  }),
  pulumi: module({
    name: "pulumi",
    version: PULUMI,
    programs: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
    firstBuild: "4 min",
    // as Pulumi's own releases are stamped; without it the CLI has no version and checks none
    ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI}`,
    versionArgs: ["version"],
  }),
} as const;

export type ToolModuleName = keyof typeof toolModules;
