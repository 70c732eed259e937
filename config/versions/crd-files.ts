/**
 * The Gateway API's CRDs, standard channel: the files under `config/crd/standard/` of each release tag and their SHA-256.
 * Sums of the files in module sigs.k8s.io/gateway-api at that version, which Go's checksum database vouches for.
 */
const sums: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "v1.5.1": {
    backendtlspolicies: "9b8818172153d72f9c84032db0be0a4a657277d13f5bbc22226ad9481ff57971",
    gatewayclasses: "234ad4b2757ee1b3596a4187bb98df071c5bbdd9e1806f692f2dbf8387e6bef4",
    gateways: "7416e8300eb4d8c0a71a23445609075bbacbe8bc80104584b019cfe1ebe77c31",
    grpcroutes: "979f4125d44d3df24659ba00d1d04ff8e76c45423193e8aae82dd5810d7827df",
    httproutes: "682203b109baecb18d38073a578f7bc2c17d22fe9b0c27bf030850abe014c370",
    listenersets: "9221468d19fdfbb0026113b1ef64abac64f27607975aff2410361b8b38f0e0bb",
    referencegrants: "a8902c486eed0b7339f5bb8a476ccaba0918eb038048402bdc01cbb69b0fbb51",
    tlsroutes: "818e4827c469a40e2527a2851591e656782c50fea8dd44812c900d219da09345",
    vap_safeupgrades: "981a4da92706cb567c051e006ff229429947f054b90cd0719c297abe14f958a1",
  },
  "v1.6.1": {
    backendtlspolicies: "0d48c9e4b53dd9510cf615b9b1192d9d7afb07a1cc0498c9515627cb1c075419",
    gatewayclasses: "53710048ba26f8620eed59d5e51b157ecf040daf5c6eef31a4b991e0808c4be5",
    gateways: "25b885f5870b8fff1ae82efa2628b2761cef3745900c2aecf8fb76629a01255a",
    grpcroutes: "53a8d029da8f07e55d3fa58a5cf6de5950dab19fbb8d6a8082fb5e51ca5ef6fc",
    httproutes: "a424a0d6c953b162e71d1d97bb7e75012d8f1ac264e7274f2763d1b96ab39852",
    listenersets: "bf4d4b02564999b2558b96e31465129895db9b3a8adfb90adb9c80eac52a3a70",
    referencegrants: "8c645e9333cfa67790cc2a53e0c00076f88b2bd4230d2b49688c78bc34f9b2c3",
    tcproutes: "d5104d0cf30e924f5e3c9e2e76abd46876401c34ca33b9e79321523eee78c7f6",
    tlsroutes: "bb8b67926e5d9652cbfd2e19063b7c1d9e78806c9dd671608f57baef2f2e3bbb",
    udproutes: "4b80684c2bf8ef4b0a2a3ab45164ac9f96258fc69912645ff50ced595b0aa6de",
    vap_safeupgrades: "afb0ea1b3cc2e9344d93b0926fbe741aeb48ab4439f9f7b4b77b9ac94faf6c2e",
  },
  "v1.6.2": {
    backendtlspolicies: "79ed490cf41fa671af8bcf1e2ad4f07834e631d81c464a7e5afbb5c906d36600",
    gatewayclasses: "47875d2b4d7491d574ba47116226d9507e287df80463ea2cec64340d7fdae0e9",
    gateways: "be942c2d5e2a5cd3adb506e5d19a493e412492b41577b43b49d7075674af9438",
    grpcroutes: "ecce11dec92536d635b41f2f24348e8b70f7e58d73b2465d6b8b924ce7b9cae1",
    httproutes: "b460061056e52495dc9450dfcccf0f060ef0f5925d04f4f4905276fdb09eb8f9",
    listenersets: "b1487748372b0bdbdd420918e719f0c2c914d6f01154d4e42451405a73b491e5",
    referencegrants: "430cc8bb96c4414ce178853f8a01d02c4e5ec0565fc128a4bdf21e37bade3882",
    tcproutes: "dd0f7891d38beddbac31ea5ae8a091925e761769ab7ce238bccf19015c5536a7",
    tlsroutes: "39b7bac41e43719552a0fe35ab762ffe505fea8a41fe2b2072f4da699f773a34",
    udproutes: "11170b62761d8e10cdc6c2b17aa15a4a4def3cc7ebb6ebb64d81ce0024776aaa",
    vap_safeupgrades: "49ba8406214d445e4cea5cf21b45312cef353a9ee90eab1db41803c7458044f9",
  },
  "v1.6.3": {
    backendtlspolicies: "d9824b82db284bdea67d2eb0297952be51e0e7a394f02daef0d6f3fefa5d01c0",
    gatewayclasses: "d32070cb6930273a07c5ca183135712b1918cc140c6d9b6cef441cdf0e562345",
    gateways: "905c89d8fefaab9088bf9d0a8d47ebd7ec4e653a914d4bfaa575a7716f07a828",
    grpcroutes: "a96b307008290c194ad346f9bb9346dd560c12e4d4e7dfbdbe7d2fb5e812d62e",
    httproutes: "a89d17ff5ed060fa0eac015524f9252bb291f616412c13ac8cb952ed9c25c5ad",
    listenersets: "b81f1771dcd96dfb3bb500e07dafef79a2aa58c4a9b4b366d54ca29e8ecccb5e",
    referencegrants: "ff8db85aaacc91fb4096975afb5782540572bf2f04842a258094cd7f50c7f38a",
    tcproutes: "5d2891484c870865e9ae61402b412a8b81eea381fbb71fdc56406e533c9643f1",
    tlsroutes: "b9277b755ee0f33dd245d3497ba842922ff2e2efe5070b0911e58d072d55ed9c",
    udproutes: "a552a9aa3726367c392000a45d13e6ba07985117a5e6826364640bedfeb5e922",
    vap_safeupgrades: "66b1d7b2c392c0e4dd4b2950e2af62811f8288a65e50708e2b3d26d4433af84c",
  },
};

export interface CrdFile {
  /** `gateway.networking.k8s.io_httproutes.yaml` */
  readonly file: string;
  /** Plural of the kind it defines (`httproutes`), or `vap_safeupgrades` for the policy against unsafe upgrades. */
  readonly plural: string;
  readonly sha256: string;
}

/** The files of a release (`v1.6.3`), or undefined when no checksums are known for it. */
export function gatewayApiFiles(version: string): readonly CrdFile[] | undefined {
  const files = sums[version];
  if (files === undefined) return undefined;
  return Object.entries(files).map(([plural, sha256]) => ({
    file: `gateway.networking.k8s.io_${plural}.yaml`,
    plural,
    sha256,
  }));
}

/** Releases whose files are known, oldest first. */
export const knownGatewayApiReleases: readonly string[] = Object.keys(sums);

/** Public address of a file at a release tag. */
export function gatewayApiFileUrl(version: string, file: string): string {
  return `https://raw.githubusercontent.com/kubernetes-sigs/gateway-api/${version}/config/crd/standard/${file}`;
}
