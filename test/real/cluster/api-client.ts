import { Agent, request } from "node:https";
import { formatRef, type KubeObject, refOf } from "../../../lab/manifests/object.ts";

/** What the API server answered; `warnings` are the texts of its Warning headers. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an API object or Status; the tests look at what they asked for
  readonly body: any;
  readonly warnings: readonly string[];
}

interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** A small client of the Kubernetes API: exactly the requests that the tests make, warnings kept. */
export class ApiClient {
  private readonly server: string;
  private readonly token: string;
  private readonly authority: () => Buffer;
  private agent: Agent | null = null;
  private readonly resources = new Map<string, Map<string, Resource>>();

  constructor(server: string, token: string, authority: () => Buffer) {
    this.server = server;
    this.token = token;
    this.authority = authority;
  }

  /** The same API with another bearer token. */
  as(token: string): ApiClient {
    return new ApiClient(this.server, token, this.authority);
  }

  /** Drops kept connections, after the server was restarted. */
  forget(): void {
    this.agent?.destroy();
    this.agent = null;
  }

  async ready(): Promise<boolean> {
    return (await this.send("GET", "/readyz")).status === 200;
  }

  get(apiVersion: string, kind: string, namespace: string | null, name: string): Promise<ApiAnswer> {
    return this.at(apiVersion, kind, namespace, name).then((path) => this.send("GET", path));
  }

  list(apiVersion: string, kind: string, namespace: string | null = null): Promise<ApiAnswer> {
    return this.at(apiVersion, kind, namespace).then((path) => this.send("GET", path));
  }

  delete(apiVersion: string, kind: string, namespace: string | null, name: string): Promise<ApiAnswer> {
    return this.at(apiVersion, kind, namespace, name).then((path) => this.send("DELETE", path));
  }

  /** Deletes an object that need not be there; throws with the API server's words when it is refused. */
  async remove(object: KubeObject): Promise<void> {
    const { apiVersion, kind, metadata } = object;
    const { status, body } = await this.delete(apiVersion, kind, metadata.namespace ?? "default", metadata.name);
    if (status >= 300 && status !== 404) throw new Error(`${formatRef(refOf(object))}: ${body.message}`);
  }

  async create(object: KubeObject): Promise<ApiAnswer> {
    const path = await this.at(object.apiVersion, object.kind, object.metadata.namespace ?? "default");
    return this.send("POST", path, object);
  }

  /** Puts a whole object in the place of the one there is. */
  async replace(object: KubeObject): Promise<ApiAnswer> {
    const { apiVersion, kind, metadata } = object;
    return this.send("PUT", await this.at(apiVersion, kind, metadata.namespace ?? "default", metadata.name), object);
  }

  /** Merges into an object's status. */
  async mergeStatus([apiVersion, kind, namespace, name]: readonly [string, string, string, string], status: object) {
    const path = await this.at(apiVersion, kind, namespace, name);
    return this.send("PATCH", `${path}/status`, { status }, "application/merge-patch+json");
  }

  /** Server-side apply, unknown and duplicate fields refused. */
  async apply(
    object: KubeObject,
    options: { manager?: string; dryRun?: boolean; subresource?: string } = {},
  ): Promise<ApiAnswer> {
    const { manager = "pulumi-kubernetes", dryRun = false, subresource } = options;
    const path = await this.at(
      object.apiVersion,
      object.kind,
      object.metadata.namespace ?? "default",
      object.metadata.name,
    );
    const query = new URLSearchParams({ fieldManager: manager, fieldValidation: "Strict", force: "true" });
    if (dryRun) query.set("dryRun", "All");
    return this.send(
      "PATCH",
      `${path}${subresource ? `/${subresource}` : ""}?${query}`,
      object,
      "application/apply-patch+yaml",
    );
  }

  /** The same, of what the server must take. @throws Error with the server's words when it is refused */
  async must(object: KubeObject): Promise<ApiAnswer> {
    const answer = await this.apply(object);
    if (answer.status >= 300) throw new Error(`${formatRef(refOf(object))}: ${answer.body.message}`);
    return answer;
  }

  /** Plural names of all resources that the server has. */
  async resourceNames(): Promise<Set<string>> {
    const { groups }: { groups: { versions: { groupVersion: string }[] }[] } = (await this.send("GET", "/apis")).body;
    const roots = [
      "/api/v1",
      ...groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => `/apis/${groupVersion}`)),
    ];
    const lists = await Promise.all(roots.map((root) => this.discover(root)));
    return new Set(lists.flatMap((list) => [...list.values()].map(({ plural }) => plural)));
  }

  /** A token of a ServiceAccount, as the kubelet or cert-manager asks for one. */
  async serviceAccountToken(
    namespace: string,
    account: string,
    audiences: readonly string[],
    seconds = 600,
  ): Promise<ApiAnswer> {
    const body = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences, expirationSeconds: seconds },
    };
    return this.send("POST", `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, body);
  }

  /** Any request; a body is sent as JSON. */
  send(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<ApiAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      this.agent ??= new Agent({ keepAlive: true, ca: this.authority() });
      const headers: Record<string, string> = { authorization: `Bearer ${this.token}`, accept: "application/json" };
      if (payload !== undefined) headers["content-type"] = contentType;
      const sent = request(
        `${this.server}${path}`,
        { method, agent: this.agent, headers, timeout: 30_000 },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const json = answer.headers["content-type"]?.includes("json") === true;
            resolve({
              status: answer.statusCode ?? 0,
              body: json ? JSON.parse(text) : text,
              warnings: warningTexts(answer.headers.warning),
            });
          });
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
      sent.on("error", reject);
      sent.end(payload);
    });
  }

  /** The path of an object or, without a name, of a collection, by the server's own discovery. */
  private async at(apiVersion: string, kind: string, namespace: string | null, name?: string): Promise<string> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = (await this.discover(root)).get(kind);
    if (!resource) throw new Error(`the API server does not know ${apiVersion} ${kind}`);
    const scope = resource.namespaced && namespace !== null ? `/namespaces/${namespace}` : "";
    return `${root}${scope}/${resource.plural}${name === undefined ? "" : `/${name}`}`;
  }

  private async discover(root: string): Promise<Map<string, Resource>> {
    const known = this.resources.get(root);
    if (known) return known;
    const { status, body } = await this.send("GET", root);
    const found = new Map<string, Resource>();
    if (status !== 200) return found;
    for (const { kind, name, namespaced } of body.resources as { kind: string; name: string; namespaced: boolean }[])
      if (!name.includes("/")) found.set(kind, { plural: name, namespaced });
    this.resources.set(root, found);
    return found;
  }
}

/** `299 - "text"` headers → texts. */
function warningTexts(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  const text = Array.isArray(header) ? header.join(", ") : header;
  return [...text.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? "");
}
