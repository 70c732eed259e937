import { LineCounter, parseDocument } from "yaml";
import { namespaceOf } from "../../config/derive/apps.ts";
import { leavesOf } from "../../config/derive/certificates.ts";
import { gatewaysOf } from "../../config/derive/gateways.ts";
import { routesOf } from "../../config/derive/routes.ts";
import { parsePrototype } from "../../config/read.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Ref } from "../manifests/object.ts";
import type { StackFile } from "./model.ts";
import { placeInYaml } from "./yaml-place.ts";

/** A place in the stack file: 1-based line, the path below `learn:`, and the line's text. */
export interface StackLine {
  readonly file: string;
  readonly line: number;
  /** "apps.mango.gateway.routes". */
  readonly path: string;
  readonly text: string;
  /** True when the place names the object itself; false when the object merely follows from what stands there. */
  readonly exact: boolean;
}

type Path = readonly (string | number)[];
type Place = { readonly path: Path; readonly exact: boolean };

/**
 * Finds the line of a stack file that an object comes from. Best effort: by the same derivations that make the objects;
 * objects of charts, and of files that are no stack, have none.
 */
export class StackLines {
  readonly #file: StackFile;
  readonly #lines: readonly string[];
  readonly #prototype: Prototype | undefined;
  readonly #lineOf: (path: Path) => number | undefined;

  constructor(stack: string, file: StackFile) {
    this.#file = file;
    this.#lines = file.text.split(/\r?\n/);
    const counter = new LineCounter();
    const document = parseDocument(file.text, { lineCounter: counter });
    this.#prototype = readOrNothing(stack, document.toJS());
    this.#lineOf = ([section = "", ...rest]) => {
      const path = ["config", `learn:${section}`, ...rest];
      const place = placeInYaml(document.contents, path);
      return place?.steps === path.length ? counter.linePos(place.start).line : undefined;
    };
  }

  /** @param part a part of the object: the name of a Gateway's listener */
  find(ref: Ref, part?: string): StackLine | undefined {
    const place = this.#prototype && placeOf(this.#prototype, ref, part);
    if (place === undefined) return undefined;
    return this.#at(place);
  }

  /** The place of a Vault engine. */
  findEngine(mount: string): StackLine | undefined {
    return (
      this.#at({ path: ["vault", "pki", mount], exact: true }) ??
      this.#at({ path: ["platform", "vault"], exact: false })
    );
  }

  #at({ path, exact }: Place): StackLine | undefined {
    const line = this.#lineOf(path);
    if (line === undefined) return undefined;
    const text = this.#lines[line - 1]?.trim() ?? "";
    return { file: this.#file.name, line, path: path.join("."), text, exact };
  }
}

function readOrNothing(stack: string, document: unknown): Prototype | undefined {
  const config = isRecord(document) && isRecord(document.config) ? document.config : {};
  const own = Object.entries(config).filter(([key]) => key.startsWith("learn:"));
  try {
    return parsePrototype(stack, Object.fromEntries(own.map(([key, value]) => [key.slice("learn:".length), value])));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function placeOf(prototype: Prototype, ref: Ref, part: string | undefined): Place | undefined {
  switch (ref.kind) {
    case "Gateway":
      return gatewayPlace(prototype, ref, part);
    case "HTTPRoute":
    case "TLSRoute":
      return routePlace(prototype, ref);
    case "Ingress":
      return appPlace(prototype, ref, (_, app) => (app.ingress ? ["ingress"] : undefined));
    case "Certificate":
    case "Secret":
      return leafPlace(prototype, ref) ?? issuerPlace(prototype, ref);
    case "Issuer":
    case "ClusterIssuer":
      return issuerPlace(prototype, ref);
    case "Service":
      return appPlace(prototype, ref, (_, app) => (app.service?.name === ref.name ? ["service"] : [kindOf(app)]));
    default:
      return appPlace(prototype, ref, (_, app) => [kindOf(app)]);
  }
}

function gatewayPlace(prototype: Prototype, { namespace, name }: Ref, part: string | undefined): Place | undefined {
  const gateway = gatewaysOf(prototype).find((spec) => spec.namespace === namespace && spec.name === name);
  if (gateway === undefined) return undefined;
  const path = part === undefined ? gateway.path : [...gateway.path, "listeners", part];
  return { path, exact: true };
}

function routePlace(prototype: Prototype, { kind, namespace, name }: Ref): Place | undefined {
  for (const app of Object.keys(prototype.apps)) {
    const spec = routesOf(prototype, app).find((r) => r.kind === kind && r.namespace === namespace && r.name === name);
    if (spec !== undefined) return { path: ["apps", app, "gateway", "routes"], exact: true };
  }
  return undefined;
}

/** Certificates and their Secrets, by what asks for them. */
function leafPlace(prototype: Prototype, { kind, namespace, name }: Ref): Place | undefined {
  const own = Object.entries(prototype.secrets).find(([key, secret]) => secret.namespace === namespace && key === name);
  if (kind === "Secret" && own !== undefined) return { path: ["secrets", own[0]], exact: true };
  const leaf = leavesOf(prototype).find(
    (candidate) =>
      candidate.namespace === namespace && (kind === "Secret" ? candidate.secret : candidate.name) === name,
  );
  if (leaf === undefined) return undefined;
  const declared = prototype.certificates[leaf.name];
  if (declared?.namespace === namespace) return { path: ["certificates", leaf.name], exact: true };
  if (leaf.app !== undefined) {
    const app = prototype.apps[leaf.app];
    const path = app?.ingress?.tls?.issuer === undefined ? [app ? kindOf(app) : "", "tls"] : ["ingress", "tls"];
    return { path: ["apps", leaf.app, ...path], exact: false };
  }
  for (const gateway of gatewaysOf(prototype)) {
    if (gateway.namespace !== namespace) continue;
    const listener = Object.keys(gateway.listeners).find((key) => leaf.name.endsWith(`-${key}-tls`));
    if (listener !== undefined) return { path: [...gateway.path, "listeners", listener, "tls"], exact: false };
  }
  return undefined;
}

/** An issuer by its name, or the entry that its helpers (root Issuer, CA Certificate) are named after. */
function issuerPlace(prototype: Prototype, { namespace, name }: Ref): Place | undefined {
  const entries = Object.entries(prototype.issuers);
  const isHere = (issuer: Prototype["issuers"][string]) =>
    namespace === null || !("namespace" in issuer) || issuer.namespace === undefined || issuer.namespace === namespace;
  const exact = entries.find(([key, issuer]) => key === name && isHere(issuer));
  const found = exact ?? entries.find(([key, issuer]) => name.startsWith(`${key}-`) && isHere(issuer));
  return found && { path: ["issuers", found[0]], exact: found === exact };
}

/** An application's objects: the one of that name, else one that is alone in the namespace. */
function appPlace(
  prototype: Prototype,
  { namespace, name }: Ref,
  within: (name: string, app: Prototype["apps"][string]) => readonly string[] | undefined,
): Place | undefined {
  const here = Object.entries(prototype.apps).filter(([key, app]) => namespaceOf(key, app) === namespace);
  const named = here.find(([key]) => key === name || `${key}-svc` === name);
  const found = named ?? (here.length === 1 ? here[0] : here.find(([, app]) => app.service?.name === name));
  if (found === undefined) return undefined;
  const path = within(...found);
  return path && { path: ["apps", found[0], ...path], exact: named !== undefined };
}

function kindOf(app: Prototype["apps"][string]): string {
  return (["echo", "nginx", "bookinfo", "cafe", "image"] as const).find((kind) => app[kind] !== undefined) ?? "echo";
}
