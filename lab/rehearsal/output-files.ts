import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { stringify } from "yaml";
import { factsBehindDoors } from "../compare/facts.ts";
import { toPem } from "../issuing/x509.ts";
import { type KubeObject, namespaceOf } from "../manifests/object.ts";
import type { PictureInput } from "../pictures/model.ts";
import { writePictures } from "../pictures/write.ts";
import type { Topology } from "../topology/model.ts";
import { chainLinks } from "./certificates.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { certificatesInSecrets } from "./secret-certificates.ts";

/** The files of a rehearsal, relative to its directory, with what each is. */
export const FILES: Readonly<Record<string, string>> = {
  "index.html": "pictures of request paths and certificates, and a form that tells where a request goes",
  "manifests.yaml": "every Kubernetes object that the program registers",
  "topology.json": "the graph from addresses to pods and from listeners to authorities",
  pki: "leaf, intermediate and root of every certificate, and ca.pem to trust",
};

/** Writes what a rehearsal leaves behind. Earlier files of the stack are replaced. */
export async function writeFiles(rehearsal: Rehearsal, directory: string): Promise<void> {
  const { topology } = rehearsal;
  await rm(join(directory, "pki"), { recursive: true, force: true });
  await mkdir(join(directory, "pki"), { recursive: true });
  // Secrets are in the manifests as the program registers them, so these are for their owner's eyes.
  await writeFile(join(directory, "manifests.yaml"), manifestsText(topology), { mode: 0o600 });
  await writeFile(join(directory, "topology.json"), `${JSON.stringify(graphOf(topology), null, 2)}\n`);
  await writeCertificates(rehearsal, join(directory, "pki"));
  await writePictures({ ...(await pictureInput(rehearsal)), outDir: directory });
}

/** All objects as one YAML text, in an order in which they can be applied. */
export function manifestsText({ objects }: Pick<Topology, "objects">): string {
  const sorted = objects.objects.map(({ object }) => object).sort(byApplyOrder);
  return sorted.map((object) => `---\n${stringify(withoutStatus(object), { lineWidth: 0 })}`).join("");
}

/** The graph for programs: nodes and edges without the objects behind them. */
export function graphOf({ nodes, edges }: Pick<Topology, "nodes" | "edges">): object {
  return {
    nodes: nodes.map(({ id, type, namespace, label, ref }) => ({ id, type, namespace, label, ref: ref ?? null })),
    edges: edges.map((edge) => {
      const { id, type, from, to, ok, reason } = edge;
      const base = { id, type, from, to, ok, reason: reason ?? null };
      if (edge.type !== "traffic") return base;
      const { protocol, port, hostnames, tls, matches, weight } = edge;
      return { ...base, protocol, port: port ?? null, hostnames, tls, matches, weight: weight ?? null };
    }),
  };
}

async function writeCertificates({ certificates, gateway }: Rehearsal, directory: string): Promise<void> {
  for (const { secret, issuing } of certificates) {
    if ("refused" in issuing) continue;
    const name = secret.replace("/", ".");
    const [leaf, ...above] = issuing.chain;
    const intermediates = above.filter((one) => !one.equal(issuing.authority));
    if (leaf !== undefined) await writeFile(join(directory, `${name}.leaf.pem`), toPem(leaf));
    if (intermediates.length > 0) await writeFile(join(directory, `${name}.intermediate.pem`), toPem(...intermediates));
    await writeFile(join(directory, `${name}.root.pem`), toPem(issuing.authority));
  }
  // OpenSSL reads no file in which a certificate begins on the line where another ends.
  const trusted = new Set(gateway.trusted().map((pem) => `${pem.trim()}\n`));
  await writeFile(join(directory, "ca.pem"), [...trusted].join(""));
}

/** What the pictures are drawn from. */
export async function pictureInput(rehearsal: Rehearsal): Promise<PictureInput> {
  const { rehearsed, topology, findings, outcomes, certificates } = rehearsal;
  const text = await readFile(rehearsed.file, "utf8");
  return {
    stack: rehearsed.stack,
    stackFile: { name: `${basename(dirname(rehearsed.file))}/${basename(rehearsed.file)}`, text },
    topology,
    findings,
    answers: outcomes.map(({ asked, expected, got, ok, how, request }) => ({ asked, expected, got, ok, how, request })),
    certificates: [
      ...certificates.flatMap(({ secret, issuing }) =>
        "refused" in issuing ? [] : [{ secret, chain: chainLinks(issuing) }],
      ),
      ...certificatesInSecrets(topology),
    ],
    facts: factsBehindDoors(topology),
  };
}

const FIRST = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "Secret", "ConfigMap"];

function byApplyOrder(a: KubeObject, b: KubeObject): number {
  return rank(a) - rank(b) || compare(a.kind, b.kind) || compare(nameOf(a), nameOf(b));
}

function rank({ kind }: KubeObject): number {
  const at = FIRST.indexOf(kind);
  return at < 0 ? FIRST.length : at;
}

function nameOf(object: KubeObject): string {
  return `${namespaceOf(object) ?? ""}/${object.metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutStatus({ status: _, ...rest }: KubeObject): object {
  return rest;
}
