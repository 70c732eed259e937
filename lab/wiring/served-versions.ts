import semver from "semver";

/** A release of the Gateway API's CRDs. */
export interface Bundle {
  readonly version: string;
  readonly channel: "standard" | "experimental";
}

/** What is assumed where nothing says which bundle the cluster has. */
export const LATEST_BUNDLE: Bundle = { version: "1.6.3", channel: "standard" };

/** Since which bundle a channel serves a version of a kind, and from which on no longer. */
interface Served {
  readonly version: string;
  readonly standard?: readonly [from: string, until?: string];
  readonly experimental?: readonly [from: string, until?: string];
}

const EVER = ["0.0.0"] as const;

/** Newest version first. Source: `served` in config/crd/{standard,experimental} of the Gateway API's release tags. */
const SERVED: Readonly<Record<string, readonly Served[]>> = {
  GatewayClass: [
    { version: "v1", standard: ["1.0.0"], experimental: ["1.0.0"] },
    { version: "v1beta1", standard: EVER, experimental: EVER },
  ],
  Gateway: [
    { version: "v1", standard: ["1.0.0"], experimental: ["1.0.0"] },
    { version: "v1beta1", standard: EVER, experimental: EVER },
  ],
  HTTPRoute: [
    { version: "v1", standard: ["1.0.0"], experimental: ["1.0.0"] },
    { version: "v1beta1", standard: EVER, experimental: EVER },
  ],
  GRPCRoute: [
    { version: "v1", standard: ["1.1.0"], experimental: ["1.1.0"] },
    { version: "v1alpha2", experimental: ["0.0.0", "1.2.0"] },
  ],
  ReferenceGrant: [
    { version: "v1", standard: ["1.5.0"], experimental: ["1.5.0"] },
    { version: "v1beta1", standard: EVER, experimental: EVER },
  ],
  TLSRoute: [
    { version: "v1", standard: ["1.5.0"], experimental: ["1.5.0"] },
    { version: "v1alpha3", experimental: ["1.4.0"] },
    { version: "v1alpha2", experimental: EVER },
  ],
  TCPRoute: [
    { version: "v1", standard: ["1.6.0"], experimental: ["1.6.0"] },
    { version: "v1alpha2", experimental: EVER },
  ],
  UDPRoute: [
    { version: "v1", standard: ["1.6.0"], experimental: ["1.6.0"] },
    { version: "v1alpha2", experimental: EVER },
  ],
  ListenerSet: [{ version: "v1", standard: ["1.5.0"], experimental: ["1.5.0"] }],
  BackendTLSPolicy: [
    { version: "v1", standard: ["1.4.0"], experimental: ["1.4.0"] },
    { version: "v1alpha3", experimental: ["1.1.0"] },
  ],
};

/** The versions of a kind that a bundle serves, newest first; undefined for kinds that this table does not know. */
export function servedVersions(kind: string, bundle: Bundle): string[] | undefined {
  return SERVED[kind]
    ?.filter((served) => {
      const [from, until] = served[bundle.channel] ?? [];
      if (from === undefined || semver.lt(bundle.version, from)) return false;
      return until === undefined || semver.lt(bundle.version, until);
    })
    .map(({ version }) => version);
}
