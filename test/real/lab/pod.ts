import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { API_ADDRESS } from "../cluster/control-plane.ts";
import { context } from "./context.ts";

/** The lab's bridge: pods hang on it, and the host side (API server, tests) is reached through it. */
const BRIDGE = "pods";
export const BRIDGE_ADDRESS = "10.244.0.1";

/** The pods' bridge, made once per lab. */
export async function makePodNetwork(): Promise<void> {
  const exists = await execa("ip", ["link", "show", BRIDGE], { reject: false });
  if (exists.exitCode === 0) return;
  // Without an address of its own a bridge takes the lowest of its ports', and pods that came before a lower one lose it.
  await ip("link", "add", BRIDGE, "address", "02:00:0a:f4:00:01", "type", "bridge");
  await ip("address", "add", `${BRIDGE_ADDRESS}/16`, "dev", BRIDGE);
  await ip("link", "set", BRIDGE, "up");
}

const ip = (...args: string[]) => execa("ip", args);

/**
 * A pod's network: a namespace with one address on the lab's bridge. It outlives its containers, as in Kubernetes;
 * names are resolved by the hosts file that every container gets.
 */
export class Pod {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;

  constructor(namespace: string, name: string, address: string) {
    this.namespace = namespace;
    this.name = name;
    this.address = address;
  }

  get networkNamespace(): string {
    return `${this.namespace}-${this.name}`;
  }

  /** Where the pod's state is kept: one `<container>.pid` per running container, one root directory per container. */
  get directory(): string {
    return join(context().directory, "pods", this.namespace, this.name);
  }

  async create(): Promise<this> {
    mkdirSync(this.directory, { recursive: true });
    const device = `v${this.address.split(".").slice(2).join("-")}`;
    await ip("netns", "add", this.networkNamespace);
    await ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", this.networkNamespace);
    await ip("link", "set", device, "master", BRIDGE, "up");
    await ip("-n", this.networkNamespace, "link", "set", "lo", "up");
    await ip("-n", this.networkNamespace, "address", "add", `${this.address}/16`, "dev", "eth0");
    await ip("-n", this.networkNamespace, "link", "set", "eth0", "up");
    await ip("-n", this.networkNamespace, "route", "add", `${API_ADDRESS}/32`, "via", BRIDGE_ADDRESS);
    return this;
  }

  /** Takes the network and all state away; containers must have been stopped. */
  async remove(): Promise<void> {
    await ip("netns", "delete", this.networkNamespace);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Writes a file that a container can mount; gives its path. */
  write(path: string, content: string | Buffer): string {
    const file = join(this.directory, "files", path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content, { mode: 0o644 });
    return file;
  }
}
