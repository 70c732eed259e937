import net from "node:net";
import type { Kubectl, PortForward } from "../live/kubectl.ts";
import { listObjects } from "../live/objects.ts";
import { fields, text } from "../manifests/fields.ts";

/** Where a port of a Gateway or Ingress controller can be reached from this machine, and how, in words. */
export interface Way {
  readonly host: string;
  readonly port: number;
  readonly words: string;
}

/** The door that is asked: a Gateway by `namespace/name`, or the Ingress controller. */
export interface Door {
  readonly gateway?: string;
  readonly address?: string;
  readonly port: number;
  /** Where the stack itself says to use `kubectl port-forward`. */
  readonly forward?: { readonly namespace: string; readonly service: string; readonly port: number };
}

/** What an attempt to connect meets: somebody who listens, a host where nobody does, or nothing that answers. */
export type Meeting = "open" | "refused" | "silent";

/** Tries a TCP connection for at most `timeout` milliseconds. */
export type Connect = (host: string, port: number, timeout?: number) => Promise<Meeting>;

export const connect: Connect = (host, port, timeout = 2_000) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const end = (met: Meeting) => {
      socket.destroy();
      resolve(met);
    };
    socket.setTimeout(timeout, () => end("silent"));
    socket
      .once("connect", () => end("open"))
      .once("error", ({ code }: NodeJS.ErrnoException) => end(code === "ECONNREFUSED" ? "refused" : "silent"));
  });

/**
 * Finds ways by trying: the address itself where this machine reaches it (Linux with the docker driver, VM drivers),
 * else a port-forward (Docker Desktop on macOS and Windows, WSL), which always works.
 */
export class Ways {
  readonly #kubectl: Kubectl;
  readonly #connect: Connect;
  readonly #found = new Map<string, Promise<Way>>();
  readonly #forwards: PortForward[] = [];

  constructor(kubectl: Kubectl, tryToConnect: Connect = connect) {
    this.#kubectl = kubectl;
    this.#connect = tryToConnect;
  }

  to(door: Door): Promise<Way> {
    const key = JSON.stringify(door);
    const known = this.#found.get(key) ?? this.#find(door);
    this.#found.set(key, known);
    return known;
  }

  /** Ways are looked for again: something may have come up since. */
  forget(): void {
    this.#found.clear();
    this.close();
  }

  close(): void {
    for (const forward of this.#forwards.splice(0)) forward.close();
  }

  async #find({ gateway, address, port, forward }: Door): Promise<Way> {
    if (forward) return this.#forward(forward, "as the stack says");
    const inside = async () => ({ ...(await this.#serviceOf(gateway)), port });
    if (address === undefined) return this.#forward(await inside(), "because nobody gave it an address");
    const direct = { host: address, port };
    const met = await this.#connect(address, port);
    if (met === "open") return { ...direct, words: `${address}:${port}, reached directly` };
    if (met === "silent")
      return this.#forward(await inside(), `because ${address} cannot be reached from this machine`);
    // mostly the listener itself is missing; but somebody between here and there may refuse in its place
    const why = `${address} refuses connections at port ${port}`;
    return this.#forward(await inside(), `because ${why}`).catch(() => ({ ...direct, words: why }));
  }

  async #forward({ namespace, service, port }: NonNullable<Door["forward"]>, why: string): Promise<Way> {
    const opened = await this.#kubectl.forward(namespace, `service/${service}`, port);
    this.#forwards.push(opened);
    return {
      host: "127.0.0.1",
      port: opened.port,
      words: `127.0.0.1:${opened.port}, a port-forward to Service ${namespace}/${service}, ${why}`,
    };
  }

  /** Controllers label the Service they make for a Gateway with its name (Gateway API, GEP-1762). */
  async #serviceOf(gateway: string | undefined): Promise<{ namespace: string; service: string }> {
    if (gateway === undefined) return { namespace: "ingress-nginx", service: "ingress-nginx-controller" };
    const [namespace = "", name = ""] = gateway.split("/");
    const services = await listObjects(this.#kubectl, "services", [
      "-n",
      namespace,
      "-l",
      `gateway.networking.k8s.io/gateway-name=${name}`,
    ]);
    return { namespace, service: text(fields(services[0]?.metadata).name) ?? `${name}-istio` };
  }
}
