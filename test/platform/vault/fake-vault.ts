import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { Answer, Transport } from "../../../components/platform/vault/steps/client.ts";

/**
 * A stand-in for Vault behind `kubectl exec`, in memory: it knows the paths that the steps use and keeps what is written.
 * It signs nothing for real; that the steps work on Vault itself is proved in test/real.
 */
export class FakeVault {
  readonly token = "root-token-of-the-fake";
  initialised = true;
  sealed = false;
  /** Every command as it would stand in a process list. */
  readonly commands: string[] = [];
  /** `verb path` of everything that changes something. */
  readonly writes: string[] = [];
  readonly mounts: Record<string, { type: string; options: unknown }> = { "sys/": { type: "system", options: null } };
  readonly auth: Record<string, { type: string }> = { "token/": { type: "token" } };
  readonly fields = new Map<string, Record<string, unknown>>();
  readonly kv = new Map<string, { version: number; data: Record<string, unknown> }>();
  readonly engines = new Map<string, Engine>();
  #count = 0;

  get transport(): Transport {
    return async (_pod, args, stdin) => {
      this.commands.push(args.join(" "));
      if (args.join(" ") === "vault status -format=json") return this.#status();
      const [token = "", ...rest] = stdin.split("\n");
      if (token !== this.token) return failure("Code: 403. Errors:\n\n* permission denied");
      const [verb = "", ...words] = args.slice(args.indexOf("vault") + 1).filter((word) => !word.startsWith("-"));
      return this.#answer(verb, words[0] ?? "", JSON.parse(rest.join("\n") || "{}"));
    };
  }

  #status(): Answer {
    const status = { initialized: this.initialised, sealed: this.sealed, is_self: !this.sealed };
    return { code: this.sealed ? 2 : 0, stdout: JSON.stringify(status), stderr: "" };
  }

  async #answer(verb: string, path: string, payload: Record<string, unknown>): Promise<Answer> {
    if (verb === "read") return found(await this.#read(path), path);
    if (verb === "list") {
      const keys = this.#list(path);
      return keys.length === 0 ? { code: 2, stdout: "{}\n", stderr: "" } : success(keys);
    }
    if (path !== "sys/tools/random/24") this.writes.push(`${verb} ${path}`);
    if (verb === "delete") {
      this.fields.delete(path);
      return { code: 0, stdout: "", stderr: "" };
    }
    const data = await this.#write(path, payload);
    return typeof data === "string" ? failure(data) : data === undefined ? success({}) : success({ data });
  }

  async #read(path: string): Promise<unknown> {
    if (path === "sys/mounts") return this.mounts;
    if (path === "sys/auth") return this.auth;
    const tune = /^sys\/mounts\/(.+)\/tune$/.exec(path);
    if (tune) return { max_lease_ttl: 2764800, ...this.fields.get(path) };
    const kv = /^([^/]+)\/data\/(.+)$/.exec(path);
    if (kv) {
      const secret = this.kv.get(path);
      return secret && { data: secret.data, metadata: { version: secret.version } };
    }
    const [mount = "", what, id = ""] = path.split("/");
    const engine = this.engines.get(mount);
    if (engine && what === "issuer") return engine.issuer(id);
    if (engine && what === "key") return engine.keys.get(id);
    if (engine && path === `${mount}/config/issuers`) return { default: engine.default };
    return this.fields.get(path);
  }

  #list(path: string): string[] {
    const [mount = "", what] = path.split("/");
    const engine = this.engines.get(mount);
    return [...((what === "keys" ? engine?.keys.keys() : engine?.issuers.keys()) ?? [])];
  }

  async #write(path: string, payload: Record<string, unknown>): Promise<Record<string, unknown> | string | undefined> {
    const mount = /^sys\/(mounts|auth)\/([^/]+)$/.exec(path);
    if (mount) return this.#mount(mount[1] ?? "", mount[2] ?? "", payload);
    if (path === "sys/tools/random/24") return { random_bytes: `random${this.#count++}` };
    if (/^[^/]+\/data\//.test(path)) return this.#writeSecret(path, payload);
    const [name = "", ...rest] = path.split("/");
    const engine = this.engines.get(name);
    const written = engine && (await engine.write(rest.join("/"), payload));
    if (written !== undefined) return written;
    this.fields.set(path, { ...this.fields.get(path), ...payload });
    return undefined;
  }

  #mount(section: string, path: string, { type, options }: Record<string, unknown>): string | undefined {
    if (section === "auth") this.auth[`${path}/`] = { type: String(type) };
    else if (this.mounts[`${path}/`]) return `* path is already in use at ${path}/`;
    else this.mounts[`${path}/`] = { type: String(type), options: options ?? null };
    if (type === "pki") this.engines.set(path, new Engine(path));
    return undefined;
  }

  #writeSecret(path: string, { options, data }: Record<string, unknown>): string | undefined {
    const version = this.kv.get(path)?.version ?? 0;
    if (Reflect.get(Object(options), "cas") !== version) return "* check-and-set parameter did not match";
    this.kv.set(path, { version: version + 1, data: { ...Object(data) } });
    return undefined;
  }
}

/** One PKI engine: keys, issuers, which of them is the default. */
class Engine {
  readonly keys = new Map<string, { key_name: string }>();
  readonly issuers = new Map<string, Record<string, unknown>>();
  readonly #mount: string;
  default = "";

  constructor(mount: string) {
    this.#mount = mount;
  }

  issuer(id: string): Record<string, unknown> | undefined {
    return this.issuers.get(id === "default" ? this.default : id);
  }

  async write(path: string, payload: Record<string, unknown>): Promise<Record<string, unknown> | undefined> {
    const name = String(payload.common_name);
    if (path === "root/generate/internal") {
      const certificate = await selfSigned(name);
      this.#add({ certificate, issuer_name: payload.issuer_name, key_id: this.#key(""), ca_chain: [certificate] });
      return { certificate };
    }
    if (path === "intermediate/generate/internal") {
      this.#key(String(payload.key_name));
      return { csr: `request of ${name}` };
    }
    if (path === "intermediate/generate/existing") return { csr: `request of ${name}` };
    if (path === "root/sign-intermediate") {
      const certificate = await selfSigned(name);
      const chain = this.issuer("default")?.ca_chain;
      return { certificate, ca_chain: [certificate, ...(Array.isArray(chain) ? chain : [])] };
    }
    if (path === "intermediate/set-signed") {
      const pems = String(payload.certificate).split(/(?<=-----END CERTIFICATE-----)\s*/);
      const [key = ""] = [...this.keys.keys()].slice(-1);
      for (const [index, certificate] of pems.entries())
        this.#add({ certificate, issuer_name: "", key_id: index === 0 ? key : "", ca_chain: pems.slice(index) });
      return {};
    }
    if (path === "config/issuers") this.default = String(payload.default);
    else if (path.startsWith("issuer/")) Object.assign(this.issuer(path.slice("issuer/".length)) ?? {}, payload);
    else return undefined;
    return {};
  }

  #key(name: string): string {
    const id = `${this.#mount}-key-${this.keys.size}`;
    this.keys.set(id, { key_name: name });
    return id;
  }

  #add(issuer: Record<string, unknown>): void {
    const id = `${this.#mount}-issuer-${this.issuers.size}`;
    this.issuers.set(id, issuer);
    if (this.default === "") this.default = id;
  }
}

async function selfSigned(name: string): Promise<string> {
  x509.cryptoProvider.set(webcrypto);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: `CN=${name}`, keys });
  return certificate.toString("pem");
}

function found(data: unknown, path: string): Answer {
  return data === undefined ? { code: 2, stdout: "", stderr: `No value found at ${path}` } : success({ data });
}

function success(value: unknown): Answer {
  return { code: 0, stdout: JSON.stringify(value), stderr: "" };
}

function failure(message: string): Answer {
  return { code: 2, stdout: "", stderr: `Error making API request.\n\nURL: PUT …\n${message}` };
}
