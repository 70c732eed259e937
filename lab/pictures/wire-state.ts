import type { TlsState } from "../topology/graph-model.ts";

/** What a wire looks like: who can read its bytes, that it is broken, or that it is a signature and no bytes flow. */
export type WireState = TlsState | "broken" | "signs" | "holds";

/** Words of a state; the look is in `style.ts`, by class `wire-<state>`. */
export interface StateWords {
  /** On the wire, next to its colour. */
  readonly label: string;
  readonly meaning: string;
}

/** In the order of the legend. Colour is never alone: each state has a dash pattern and a word of its own. */
export const WIRE_STATES: Readonly<Record<WireState, StateWords>> = {
  clear: { label: "clear", meaning: "anybody on the way can read it" },
  "tls-to-gateway": { label: "TLS", meaning: "ends at the gateway: client and gateway can read it" },
  passthrough: { label: "end to end", meaning: "TLS passes through: only client and pod can read it" },
  "mesh-mtls": { label: "mTLS", meaning: "added by the mesh: only gateway and pod can read it" },
  "backend-tls": { label: "TLS to pod", meaning: "begins at the gateway: only gateway and pod can read it" },
  broken: { label: "broken", meaning: "broken wire: it leads nowhere, for the reason or rule written on it" },
  signs: { label: "signs", meaning: "signs the certificates of" },
  holds: { label: "is used by", meaning: "Secret with certificate and key, used by" },
};
