import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Prototype, prototypeSchema } from "../../config/schema.ts";
import { code, table } from "./markdown.ts";

/** A stack file as the documentation tells of it. */
export interface StackStory {
  readonly stack: string;
  /** The comment at its head, as one paragraph. */
  readonly comment: string;
  readonly prototype: Prototype;
  readonly text: string;
}

export function readStory(stack: string, file: URL): StackStory {
  const text = readFileSync(file, "utf8");
  const comment = text
    .split("\n")
    .filter((line) => line.startsWith("#") && !line.includes("yaml-language-server"))
    .map((line) => line.replace(/^#\s*/, ""))
    .join(" ");
  const { config = {} } = parse(text) as { config?: Record<string, unknown> };
  const values = Object.entries(config).map(([key, value]) => [key.replace(/^learn:/, ""), value]);
  return { stack, comment, prototype: prototypeSchema.parse(Object.fromEntries(values)), text };
}

/** The page of docs/prototypes that tells of a stack: the variants of learn-03 share one. */
export function pageOf(stack: string): string {
  const [page = stack] = /^learn-\d\d/.exec(stack) ?? [];
  return stack === page ? `${page}.md` : `${page}.md#${stack}`;
}

/** Stack, what it shows, what it installs, size of the node. */
export function storiesTable(stories: readonly StackStory[], folder: string): string {
  return table(
    ["stack", "what it shows", "installs", "node"],
    stories.map(({ stack, comment, prototype }) => [
      `[${stack}](${folder}${pageOf(stack)})`,
      firstSentence(comment),
      Object.keys(prototype.platform).map(installed).join(", ") || "nothing but the cluster",
      nodeText(prototype),
    ]),
  );
}

/** What a stack promises, as its answers say. */
export function promisesTable({ prototype }: StackStory): string {
  const all = [...Object.values(prototype.apps).flatMap(({ answers }) => answers), ...prototype.answers];
  return table(["asked", "promised"], all.map(promise));
}

type Answer = Prototype["answers"][number];

function promise(answer: Answer): [string, string] {
  const { get, certificate, secret, etcd, vault } = answer;
  if (get !== undefined) return [code(get), answerText(answer)];
  if (certificate !== undefined)
    return [`certificate in Secret ${code(certificate)}`, `issued by ${answer.issuedBy ?? "its issuer"}`];
  if (secret !== undefined)
    return [`Secret ${code(secret)}, key ${code(answer.key ?? "")}`, code(answer.value ?? "present")];
  if (etcd !== undefined) return [`etcd ${code(etcd)}`, `begins with ${code(answer.startsWith ?? "")}`];
  return [`Vault ${code(vault ?? "")}`, `has the fields ${(answer.fields ?? []).map(code).join(", ")}`];
}

function answerText({ refused, redirectTo, status = 200, body, contains }: Answer): string {
  if (refused) return "the connection is refused";
  if (redirectTo !== undefined) return `${status}, redirect to ${code(redirectTo)}`;
  if (body !== undefined) return `${status}, ${code(body)}`;
  if (contains !== undefined) return `${status}, a page with ${code(contains)}`;
  return String(status);
}

function firstSentence(comment: string): string {
  return /^.*?[.](?=\s|$)/.exec(comment)?.[0] ?? comment;
}

function nodeText({ cluster: { minikube } }: Prototype): string {
  return minikube ? `${minikube.cpus} CPUs, ${minikube.memory.replace(/g$/, " GiB")}` : "your cluster";
}

const names: Readonly<Record<string, string>> = {
  metallb: "MetalLB",
  gatewayApi: "Gateway API",
  istio: "Istio ambient",
  certManager: "cert-manager",
  vault: "Vault",
  ingressNginx: "ingress-nginx",
  nginxGatewayFabric: "NGINX Gateway Fabric",
};

function installed(key: string): string {
  return names[key] ?? key;
}
