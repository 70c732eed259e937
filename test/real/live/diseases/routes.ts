import { type Disease, reason, says } from "../disease.ts";
import { aRoute, httpRoute, tlsRoute, withSpec } from "../objects.ts";

const mango = httpRoute("mango", "mango");

/** From a listener to a route. */
export const routeDiseases: readonly Disease[] = [
  {
    title: "a parentRef that names no Gateway, and therefore no status",
    make: (changes) => changes.change(mango, withSpec({ parentRefs: [{ name: "mango-gatway" }] })),
    until: async (lab) => !(await says(mango, /"Accepted"/)(lab)),
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gatway",
      status: /^no controller has written a status for it$/,
      meaning: /mango-gatway does not exist/,
      next: /set parentRefs: \[\{ name: mango-gateway \}\]/,
      trouble: "T15",
      holds: ["Gateway mango/mango-gateway"],
    },
  },
  {
    title: "a sectionName that no listener has",
    make: (changes) =>
      changes.change(mango, withSpec({ parentRefs: [{ name: "mango-gateway", sectionName: "htps" }] })),
    until: reason(mango, "NoMatchingParent"),
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gateway",
      status: /^Accepted=False NoMatchingParent: sectionName "htps" not found/,
      meaning: /no listener of Gateway mango\/mango-gateway has sectionName htps/,
      next: /set sectionName: https/,
    },
  },
  {
    title: "a route of a namespace that the listeners do not let in",
    make: (changes) =>
      changes.add(aRoute("HTTPRoute", "apple", "fig", { name: "mango-gateway", namespace: "mango" }, apple)),
    until: reason(httpRoute("apple", "fig"), "NotAllowedByListeners"),
    wanted: {
      path: "HTTPRoute apple/fig",
      from: "HTTPRoute apple/fig",
      to: "Gateway mango/mango-gateway",
      status: /^Accepted=False NotAllowedByListeners: .*namespace "apple" is not allowed by the parent/,
      meaning: /refuses? routes of namespace apple/,
      next: /allowedRoutes/,
      trouble: "T26",
      holds: ["HTTPRoute apple/apple", "HTTPRoute mango/mango"],
    },
  },
  {
    title: "hostnames that share nothing with the listeners'",
    make: (changes) => changes.change(mango, withSpec({ hostnames: ["mango.example.org"] })),
    until: reason(mango, "NoMatchingListenerHostname"),
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gateway",
      status: /^Accepted=False NoMatchingListenerHostname: no hostnames matched parent hostname "mango\.example\.com"/,
      meaning: /its hostnames mango\.example\.org share no host/,
      next: /use a hostname under mango\.example\.com/,
    },
  },
  {
    title: "a TLSRoute at a listener that speaks HTTP",
    make: (changes) =>
      changes.add(
        aRoute("TLSRoute", "mango", "fig", { name: "mango-gateway", sectionName: "http" }, backend("mango-svc", 8000), {
          hostnames: ["mango.example.com"],
        }),
      ),
    until: reason(tlsRoute("mango", "fig"), "NotAllowedByListeners"),
    wanted: {
      path: "TLSRoute mango/fig",
      from: "TLSRoute mango/fig",
      to: "Gateway mango/mango-gateway",
      status: /^Accepted=False NotAllowedByListeners: kind .*TLSRoute.* is not allowed/,
      meaning: /a TLSRoute attaches only to listeners of protocol TLS/,
      next: /protocol: TLS/,
      trouble: "T26",
      holds: ["HTTPRoute mango/mango"],
    },
  },
  {
    title: "istiod is gone: what was changed since has no answer",
    make: async (changes, lab) => {
      await lab.gateways.istiod.service.stop();
      changes.onUndo(() => lab.gateways.istiod.service.start());
      await changes.change(httpRoute("apple", "apple"), withSpec({ hostnames: ["apple.example.com"] }));
    },
    until: async () => true,
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "HTTPRoute apple/apple",
      status: /^its status is of generation \d+, and the object is of generation \d+$/,
      meaning: /the controller has not looked at the last change: it does not run/,
      next: /describe httproute apple/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
];

const apple = backend("apple-svc", 8000);

function backend(name: string, port: number) {
  return { name, port };
}
