import { X509Certificate } from "node:crypto";
import { namespaceOf } from "../manifests/object.ts";
import { KINDS } from "../manifests/object-index.ts";
import { secretText } from "../manifests/secret-text.ts";
import type { Topology } from "../topology/model.ts";
import { type ChainLink, chainLink } from "./certificates.ts";

/** The certificates that a stack registers ready-made, in TLS Secrets; what cannot be read is left out. */
export function certificatesInSecrets({
  objects,
}: Pick<Topology, "objects">): { secret: string; chain: ChainLink[] }[] {
  return objects.all(KINDS.secret).flatMap(({ object }) => {
    if (object.type !== "kubernetes.io/tls") return [];
    const { "tls.crt": chain = "", "ca.crt": authority = "" } = secretText(object);
    const links = readChain(`${chain}\n${authority}`);
    return links.length === 0 ? [] : [{ secret: `${namespaceOf(object)}/${object.metadata.name}`, chain: links }];
  });
}

function readChain(pem: string): ChainLink[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    return [...new Set(blocks.map((block) => block.trim()))].map((block) => chainLink(new X509Certificate(block)));
  } catch {
    return [];
  }
}
