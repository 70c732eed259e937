/** One entry of `answers:` and what the rehearsal made of it. */
export interface Outcome {
  /** Where it is declared: an application's name, or "" for the stack's own. */
  readonly app: string;
  /** What was asked: "GET https://mango.example.com/mango", "certificate mango/tls". */
  readonly asked: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
  /** How the answer was come by. */
  readonly decidedBy: "request" | "issued" | "registered" | "predicted";
  /** What exactly that means here, in a sentence. */
  readonly how: string;
  /** The same request for a shell, for requests that reach a listener. */
  readonly curl?: string;
  /** The request itself, when it was one. */
  readonly request?: AskedRequest;
}

/** A request as a person would type it. */
export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sni?: string;
  /** "namespace/name" of the Gateway it is sent to; absent for the Ingress controller. */
  readonly gateway?: string;
  /** The gateway's port where the URL names another one, as with `kubectl port-forward`. */
  readonly port?: number;
}

/** What each way of deciding means, for the legend of the table. */
export const DECIDED_BY: Readonly<Record<Outcome["decidedBy"], string>> = {
  request: "a real request through the local gateway; HTTPS over a verified chain",
  issued: "read from a certificate issued along the declared chain",
  registered: "read from what the program registered",
  predicted: "follows from the configuration; only a real cluster can show it",
};
