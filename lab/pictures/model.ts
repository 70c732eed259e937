import type { Ref } from "../manifests/object.ts";
import type { Topology } from "../topology/model.ts";

/** What pictures are drawn from: the parts of a rehearsal (or of foreign manifests) that can be seen. */
export interface PictureInput {
  /** Name of the stack, and of its files. */
  readonly stack: string;
  /** The story of the stack. @default the comment at the top of its file */
  readonly story?: string;
  /** Its stack file; undefined for foreign manifests. */
  readonly stackFile?: StackFile | undefined;
  readonly topology: PictureTopology;
  readonly findings: readonly PictureFinding[];
  readonly answers: readonly PictureAnswer[];
  readonly certificates: readonly PictureCertificate[];
  /** What is so of each application. @default nothing is told */
  readonly facts?: readonly PictureFact[] | undefined;
}

/** What the pictures themselves read of a topology. */
export type PictureTopology = Pick<Topology, "objects" | "known" | "nodes" | "edges" | "namespaceLabels">;

export interface StackFile {
  /** As a person would name it: "stacks/Pulumi.learn-05.yaml". */
  readonly name: string;
  readonly text: string;
}

/** A finding of lab/wiring. */
export interface PictureFinding {
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly from: Ref;
  readonly to: Ref | null;
  readonly message: string;
  readonly fix: string;
}

/** One promised answer and what came. */
export interface PictureAnswer {
  /** What was asked: "GET https://mango.example.com/mango". */
  readonly asked: string;
  readonly expected: string;
  readonly got: string;
  /** Undefined: nobody asked (the rehearsal cannot). */
  readonly ok: boolean | undefined;
  /** How the answer was come by, in a few words: a real request, or what follows from the configuration. */
  readonly how?: string | undefined;
  /** The request, when it was one: the page can light its path. */
  readonly request?: PictureRequest | undefined;
}

export interface PictureRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Server name of the TLS handshake. @default the URL's host */
  readonly sni?: string | undefined;
  /** Whom it is sent to: "namespace/name" of a Gateway; undefined = whoever has the host's address. */
  readonly gateway?: string | undefined;
  /** The gateway's port when the URL names another one, as with `kubectl port-forward`. */
  readonly port?: number | undefined;
}

/** A certificate as it was issued, with the chain that vouches for it. */
export interface PictureCertificate {
  /** "namespace/name" of the Secret. */
  readonly secret: string;
  /** Leaf first, root last. */
  readonly chain: readonly PictureChainLink[];
}

export interface PictureChainLink {
  /** Common name, or the first subject alternative name. */
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** "ECDSA P-256", "RSA 2048". */
  readonly key: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
}

/** One thing that is so of an application, and where it is said: a fact of lab/compare. */
export interface PictureFact {
  readonly app: string;
  readonly topic: string;
  readonly value: string;
  /** "Ingress mango/mango spec.rules[0].host", or in words where no field says it. */
  readonly where: string;
  readonly fields: readonly PictureField[];
}

/** A field: an object, and the steps from its root. */
export interface PictureField {
  readonly ref: Ref;
  readonly path: readonly (string | number)[];
}
