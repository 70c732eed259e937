import { type ArrivedRequest, type Decision, type Respond, respond } from "../matching/decision.ts";
import type { ListenerPlan, PortPlan } from "./model.ts";

/** How listeners of one port are found, by SNI or Host. */
export interface ListenerLookup {
  find(name: string): ListenerPlan | undefined;
}

/** Finds listener and rule for a request of a port; `sni` is that of its connection. Pure: the page runs it, too. */
export function decideOnPort(
  port: Pick<PortPlan, "transport">,
  listeners: ListenerLookup,
  arrived: ArrivedRequest,
  sni: string | undefined,
): { readonly listener: ListenerPlan | undefined; readonly decision: Decision } {
  if (port.transport === "clear") {
    const listener = listeners.find(arrived.host);
    return { listener, decision: listener === undefined ? noListener(arrived.host) : routed(listener, arrived) };
  }
  const listener = listeners.find(sni ?? "");
  return { listener, decision: decideTls(listener, arrived, listeners) };
}

/**
 * HTTPS: the listener is chosen by SNI, and the Host must belong to it. "If another Listener has an exact match or more
 * specific wildcard entry, the Gateway SHOULD return a 421"; a Host that no listener has is 404. @see Listener.hostname
 */
function decideTls(listener: ListenerPlan | undefined, arrived: ArrivedRequest, listeners: ListenerLookup): Decision {
  if (listener === undefined || listener.mode.type !== "https") return noListener(arrived.host);
  if (!listener.mode.checkHost) return routed(listener, arrived);
  const byHost = listeners.find(arrived.host);
  if (byHost === undefined) return noListener(arrived.host);
  if (byHost !== listener) {
    return respond(
      421,
      `host ${arrived.host} belongs to listener ${byHost.name}, the SNI to listener ${listener.name}`,
    );
  }
  return routed(listener, arrived);
}

function routed(listener: ListenerPlan, arrived: ArrivedRequest): Decision {
  const { mode } = listener;
  return mode.type === "http" || mode.type === "https" ? mode.router.decide(arrived) : noListener(arrived.host);
}

function noListener(host: string): Respond {
  return respond(404, `no listener has the hostname ${host || "(none)"}`);
}
