import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { fields, text } from "./fields.ts";
import type { KubeObject } from "./object.ts";
import { isUnknown } from "./unknown.ts";

/** An entry of a TLS Secret that cannot be used. Nothing of its value is told: it may be a key. */
export interface TlsPairProblem {
  readonly key: "tls.crt" | "tls.key";
  /** JSON pointer to the entry: "/data/tls.crt", or below stringData. */
  readonly path: string;
  /** Continues a sentence that begins with the entry: "is not a PEM certificate: it is empty". */
  readonly what: string;
  /** What to do, as an order. */
  readonly fix: string;
}

const CREATE = "kubectl create secret tls <name> --cert=<file> --key=<file> --dry-run=client -o yaml";
const BASE64 = /^(?:[\w+/-]{4})*(?:[\w+/-]{2}==|[\w+/-]{3}=)?$/;
const LABEL = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/**
 * Why a Secret's `tls.crt` and `tls.key` are no certificate with its key, or undefined; entries that are absent or not
 * known yet are not judged. istiod refuses such a pair (tls.X509KeyPair in pilot/pkg/config/kube/gateway/conversion.go).
 * @param entries the Secret's, as `secretText` reads them
 */
export function tlsPairProblem(
  secret: KubeObject,
  entries: Readonly<Record<string, string>>,
): TlsPairProblem | undefined {
  const { "tls.crt": chain, "tls.key": privateKey } = entries;
  const leaf = chain === undefined ? undefined : readCertificate(chain);
  if (leaf === null) return notPem(secret, "tls.crt", chain ?? "");
  const key = privateKey === undefined ? undefined : readKey(privateKey);
  if (key === null) return notPem(secret, "tls.key", privateKey ?? "");
  if (leaf === undefined || key === undefined || leaf.checkPrivateKey(key)) return undefined;
  const fix = "put the certificate and the key that were made together into one Secret; tls.crt begins with the leaf";
  return { key: "tls.key", path: pathOf(secret, "tls.key"), what: "is not the key of its tls.crt", fix };
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function notPem(secret: KubeObject, key: TlsPairProblem["key"], decoded: string): TlsPairProblem {
  const wanted = key === "tls.crt" ? "certificate" : "private key";
  const { found, fix = `put the ${wanted} as PEM there: ${CREATE}` } = describe(secret, key, decoded);
  return { key, path: pathOf(secret, key), what: `is not a PEM ${wanted}: ${found}`, fix };
}

function pathOf({ stringData }: KubeObject, key: TlsPairProblem["key"]): string {
  return text(fields(stringData)[key]) === undefined ? `/data/${key}` : `/stringData/${key}`;
}

function describe(secret: KubeObject, key: TlsPairProblem["key"], decoded: string): { found: string; fix?: string } {
  const encoded = text(fields(secret.stringData)[key]) === undefined ? text(fields(secret.data)[key]) : undefined;
  if (encoded?.includes("-----BEGIN ")) {
    return { found: "data holds PEM text that is not base64-encoded", fix: `move ${key} from data to stringData` };
  }
  if (encoded !== undefined && !isUnknown(encoded) && !BASE64.test(encoded.replace(/\s/g, ""))) {
    return { found: "it is not base64" };
  }
  if (decoded.trim() === "") return { found: "it is empty" };
  const labels = [...decoded.matchAll(LABEL)].map(([, label = ""]) => label);
  if (labels.length === 0) {
    const twice = Buffer.from(decoded, "base64").toString("latin1").startsWith("-----BEGIN ");
    if (!twice) return { found: "it has no line -----BEGIN …-----" };
    return encoded === undefined
      ? { found: "stringData holds base64 instead of PEM text", fix: `move ${key} from stringData to data` }
      : { found: "it is base64-encoded twice", fix: `decode ${key} once: base64 -d` };
  }
  if (labels.includes("ENCRYPTED PRIVATE KEY") && key === "tls.key") {
    return { found: "the key has a passphrase, which no controller knows", fix: "decrypt it: openssl pkey -in <file>" };
  }
  const suits = (label: string) => (key === "tls.crt" ? label === "CERTIFICATE" : label.endsWith("PRIVATE KEY"));
  const [first] = labels;
  return { found: labels.some(suits) ? "what stands between BEGIN and END cannot be read" : `it holds a ${first}` };
}
