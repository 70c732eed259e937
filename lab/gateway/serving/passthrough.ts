import net, { type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Backends } from "../backends/backends.ts";
import { chooseByWeight, type Random } from "../matching/weights.ts";
import type { TlsRoutes, TlsTarget } from "../plan/model.ts";

/** Where a connection was sent, or why it was refused. */
export type Passed =
  | { readonly target: TlsTarget; readonly backend: string }
  | { readonly target: TlsTarget | undefined; readonly refused: string };

/**
 * Connects a client to the backend that TLSRoutes name for its SNI and passes bytes both ways, unread. "The underlying
 * implementation must actively reject request attempts" to a backend that is invalid. @see TLSRouteRule.backendRefs
 */
export async function passThrough(
  client: Duplex,
  sni: string | undefined,
  routes: TlsRoutes,
  backends: Backends,
  random: Random,
): Promise<Passed> {
  const target = routes.find(sni ?? "");
  if (target === undefined) return { target, refused: `no TLSRoute has the SNI ${sni ?? "(none)"}` };
  const chosen = chooseByWeight(target.backends, random)?.target;
  if (chosen === undefined) return { target, refused: "no backendRef with a weight above 0" };
  if (chosen.failure !== undefined) return { target, refused: chosen.failure.why };
  const address = await backends.tcp(chosen, sni);
  const name = `${chosen.namespace}/${chosen.service}`;
  if (address === undefined) return { target, refused: `nothing listens behind Service ${name}` };
  const upstream = await connect(address.host, address.port);
  if (upstream === undefined) return { target, refused: `Service ${name} cannot be reached` };
  pipeBoth(client, upstream);
  return { target, backend: name };
}

function connect(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}

/** Bytes and ends go both ways; when one side breaks, so does the other. */
function pipeBoth(a: Duplex, b: Duplex): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}
