import type { ToolModuleName } from "./toolbox/tools.ts";

/** A part of the proof that can be run by itself: `npm run test:real -- --only vault`. */
export interface Part {
  readonly name: string;
  readonly modules: readonly (ToolModuleName | "envoy")[];
  /** only these programs of the modules */
  readonly programs?: readonly string[];
  readonly crds: boolean;
  /** sources of modules that the part reads files of */
  readonly sources?: readonly ("kwok" | "istio")[];
  /** test files, below test/real/specs */
  readonly specs: readonly string[];
}

const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager"];

const VAULT = {
  modules: ["etcd", "kubernetes", "vault"],
  programs: [...CONTROL_PLANE, "kubectl", "vault"],
  crds: false,
} as const;

const GATEWAYS = {
  modules: ["etcd", "kubernetes", "kwok", "istio", "metallb", "envoy"],
  programs: [...CONTROL_PLANE, "kube-scheduler", "kwok", "pilot-discovery", "metallb-controller"],
  crds: true,
  sources: ["kwok", "istio"],
} as const;

/** The longest first: of several that run at a time none is left over at the end. */
export const parts: readonly Part[] = [
  {
    name: "encryption",
    modules: ["etcd", "kubernetes"],
    programs: [...CONTROL_PLANE, "kubectl"],
    crds: false,
    specs: ["encryption.test.ts"],
  },
  { name: "vault", ...VAULT, specs: ["vault-agreement.test.ts", "vault.test.ts"] },
  { name: "vault-killed", ...VAULT, specs: ["vault-killed.test.ts"] },
  {
    ...GATEWAYS,
    name: "gateways-vault",
    modules: [...GATEWAYS.modules, "vault", "cert-manager"],
    programs: [...GATEWAYS.programs, "kubectl", "vault", "cert-manager-controller"],
    specs: ["gateways-vault.test.ts"],
  },
  { ...GATEWAYS, name: "live", programs: [...GATEWAYS.programs, "kubectl"], specs: ["live.test.ts"] },
  {
    ...GATEWAYS,
    name: "gateways",
    modules: [...GATEWAYS.modules, "cert-manager"],
    programs: [...GATEWAYS.programs, "cert-manager-controller"],
    specs: ["gateways.test.ts"],
  },
  { name: "verdicts", ...GATEWAYS, specs: ["verdicts.test.ts"] },
  { name: "pulumi", modules: ["pulumi"], crds: false, specs: ["pulumi.test.ts", "pulumi-engine.test.ts"] },
  {
    name: "api",
    modules: ["etcd", "kubernetes"],
    programs: CONTROL_PLANE,
    crds: true,
    specs: ["api.test.ts"],
  },
  {
    ...GATEWAYS,
    name: "ambient",
    modules: ["etcd", "kubernetes", "kwok", "istio", "metallb"],
    specs: ["ambient.test.ts"],
  },
  { name: "runner", modules: ["etcd"], crds: false, specs: ["runner.test.ts"] },
];
