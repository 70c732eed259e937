import { VisibleError } from "../../terminal/visible-error.ts";
import type { AddressOwner } from "../plan/model.ts";
import { portOwner } from "./port-owner.ts";
import type { PortServer } from "./port-server.ts";

/**
 * Which local port stands for a listener's port. "any": whatever is free. "local": one that a person can guess: 80 is
 * 8080, 443 is 8443, ports from 1024 are kept; the next free one when it is taken. "listener": the port itself, every
 * Gateway after the first on a loopback address of its own.
 */
export type PortChoice = "any" | "local" | "listener";

interface Taken {
  readonly owner: AddressOwner;
  readonly local: { readonly host: string; readonly port: number } | undefined;
}

/** Opens the socket of a port server. `taken` are the ports opened before. */
export async function listenOn(
  server: PortServer,
  taken: readonly Taken[],
  choice: PortChoice,
): Promise<{ host: string; port: number }> {
  if (choice === "listener") return listenOnReal(server, taken);
  const host = "127.0.0.1";
  if (choice === "any") return { host, port: await server.listen(host, 0) };
  const { port } = server.plan;
  const wanted = port < 1024 ? port + 8000 : port;
  for (let candidate = wanted; candidate < wanted + 50; candidate += 1) {
    try {
      return { host, port: await server.listen(host, candidate) };
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  return { host, port: await server.listen(host, 0) };
}

async function listenOnReal(server: PortServer, taken: readonly Taken[]): Promise<{ host: string; port: number }> {
  const { owner, port } = server.plan;
  const owners = [...new Set(taken.map(({ owner: { kind, name } }) => `${kind} ${name}`))];
  const own = `${owner.kind} ${owner.name}`;
  const place = owners.includes(own) ? owners.indexOf(own) : owners.length;
  const host = `127.0.0.${place + 1}`;
  try {
    return { host, port: await server.listen(host, port) };
  } catch (error) {
    throw new VisibleError(await explain(error, host, port, own));
  }
}

async function explain(error: unknown, host: string, port: number, owner: string): Promise<string[]> {
  const what = `cannot listen on ${host}:${port} for ${owner}`;
  const without = "or leave out --ports listener: unprivileged ports are then used and printed";
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    const by = await portOwner(port);
    return [`${what}: the port is in use${by === undefined ? "" : ` by ${by}`}`, `  end that program, ${without}`];
  }
  if (code === "EACCES") {
    return [
      `${what}: ports below 1024 need a privilege`,
      `  run it as root or allow it (on Linux: sysctl net.ipv4.ip_unprivileged_port_start=${port}), ${without}`,
    ];
  }
  if (code === "EADDRNOTAVAIL") {
    return [
      `${what}: the address does not exist here`,
      `  add it (on macOS: sudo ifconfig lo0 alias ${host}), ${without}`,
    ];
  }
  return [`${what}: ${error instanceof Error ? error.message : String(error)}`, `  ${without.replace(/^or /, "")}`];
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EADDRINUSE" || error.code === "EACCES");
}
