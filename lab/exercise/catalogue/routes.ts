import type { Exercise } from "../exercise.ts";

/** learn-03 and learn-04: what a request meets between a listener and a Service. */
export const routes: readonly Exercise[] = [
  {
    name: "prefix-segments",
    prototype: "learn-03-01",
    concept: "PathPrefix matches whole segments",
    break: [{ set: ["learn:apps", "apple", "gateway", "routes", 0, "path"], to: "/app" }],
    solution: [{ set: ["learn:apps", "apple", "gateway", "routes", 0, "path"], to: "/apple" }],
    tells: "http://localhost:8090/apple answers 404; the wiring check finds nothing to complain about.",
    symptoms: [{ answer: "GET http://localhost:8090/apple", got: "404" }],
    hints: [
      "404 comes from the gateway: it has a listener for the request, but no rule that matches it.",
      "Which paths does the rule of HTTPRoute apple match, and which not?",
      "PathPrefix /app matches /app and /app/…, but not /apple: it goes by segments, not by characters.",
    ],
    teaches:
      "A PathPrefix is compared segment by segment (HTTPPathMatch), unlike a string prefix. No checker can know which path was meant; a promised answer can.",
  },
  {
    name: "exact-path",
    prototype: "learn-03-02",
    concept: "Exact and PathPrefix",
    preparation: [
      {
        add: ["learn:apps", "apple", "answers"],
        entry: { get: "http://localhost:8090/apple/pie", body: "Apple Service has been invoked via the Gateway" },
      },
    ],
    break: [{ set: ["learn:apps", "apple", "gateway", "routes"], to: [{ exact: "/apple" }] }],
    solution: [{ set: ["learn:apps", "apple", "gateway", "routes"], to: [{ path: "/apple" }] }],
    tells: "/apple answers, /apple/pie does not.",
    symptoms: [{ answer: "GET http://localhost:8090/apple/pie", got: "404" }],
    hints: [
      "The pod answers any path, so it is the gateway that says 404.",
      "Compare apple's rule with bookinfo's: which keys say how a path is matched?",
      "exact: /apple is that path alone; path: /apple is everything below it, too.",
    ],
    teaches: "Exact matches one path, PathPrefix a tree. Where several match, Exact wins, then the longest prefix.",
  },
  {
    name: "target-port",
    prototype: "learn-03-02",
    concept: "a Service's targetPort is a port of the container",
    break: [{ set: ["learn:apps", "apple", "service"], to: { targetPort: 5679 } }],
    solution: [{ remove: ["learn:apps", "apple", "service"] }],
    tells:
      "The route is accepted and its backend is there, and yet http://localhost:8090/apple answers with an error of the gateway.",
    symptoms: [
      { rule: "W29", severity: "error" },
      { answer: "GET http://localhost:8090/apple", got: "503" },
    ],
    hints: [
      "5xx comes from behind the route. Does the Service lead to a port on which somebody listens?",
      "kubectl -n apple get service apple-svc -o yaml; kubectl -n apple get deployment apple -o yaml",
      "http-echo listens on 5678.",
    ],
    teaches:
      "A backendRef names the Service's port; the Service maps it to targetPort; only that is the container's port. Nobody checks the last step before a request does.",
  },
  {
    name: "hostname-mismatch",
    prototype: "learn-03-03",
    concept: "a route's hostnames and its listener's must intersect",
    break: [{ set: ["learn:apps", "mango", "gateway", "routes", 0, "hostnames"], to: ["mango.example.org"] }],
    solution: [{ remove: ["learn:apps", "mango", "gateway", "routes", 0, "hostnames"] }],
    tells: "Both listeners are there, and both answer https and http requests for /mango with 404.",
    symptoms: [
      { rule: "W21", severity: "error" },
      { answer: "GET https://mango.example.com/mango", got: "404" },
      { answer: "GET http://mango.example.com/mango", got: "404" },
    ],
    onCluster: "HTTPRoute mango says Accepted=False, NoMatchingListenerHostname.",
    hints: [
      "The TLS handshake works, so the listener is right. Does a route stand behind it?",
      "kubectl -n mango get httproute mango -o yaml: look at status.parents.",
      "Compare hostnames of the route with hostname of the listeners, letter by letter.",
    ],
    teaches:
      "A route is served only for host names that it and the listener have in common; without one in common it does not attach at all. A route without hostnames takes the listener's.",
  },
  {
    name: "redirect-loop",
    prototype: "learn-03-03",
    concept: "a redirect to https belongs on the HTTP listener alone",
    preparation: [
      {
        set: ["learn:apps", "mango", "answers", 1],
        to: { get: "http://mango.example.com/mango", status: 301, redirectTo: "https://mango.example.com/mango" },
      },
      {
        set: ["learn:apps", "mango", "gateway", "routes"],
        to: [
          { listener: "http", path: "/mango", redirect: { scheme: "https", status: 301 } },
          { listener: "https", path: "/mango" },
        ],
      },
    ],
    break: [{ set: ["learn:apps", "mango", "gateway", "routes", 0, "listener"], to: ["http", "https"] }],
    solution: [{ set: ["learn:apps", "mango", "gateway", "routes", 0, "listener"], to: "http" }],
    tells: "A browser says that the page redirects in a circle: https://mango.example.com/mango leads to itself.",
    symptoms: [{ answer: "GET https://mango.example.com/mango", got: "301" }],
    hints: [
      "Ask with curl and without following: what does the https URL answer, and where does it send you?",
      "Which listeners does the rule with the redirect attach to?",
      "On the https listener both routes match /mango; the redirect's comes first. It has no business there.",
    ],
    teaches:
      "An HTTPRoute without sectionName, or with too many, lands on every listener. The redirect and the application are two routes, each with a sectionName of its own.",
  },
  {
    name: "allowed-routes",
    prototype: "learn-04",
    concept: "a listener lets in routes of its own namespace unless told otherwise",
    break: [{ remove: ["learn:gateways", "edge", "listeners", "http", "allowedRoutes"] }],
    solution: [{ set: ["learn:gateways", "edge", "listeners", "http", "allowedRoutes"], to: "All" }],
    tells: "Gateway edge is Programmed and has an address, and answers everything with 404.",
    symptoms: [
      { rule: "W15", severity: "error" },
      { answer: "GET http://cafe.example.com/", got: "404" },
      { answer: "GET http://apple.example.com/", got: "404" },
    ],
    onCluster: "both routes say Accepted=False, NotAllowedByListeners; the Gateway says attachedRoutes: 0.",
    hints: [
      "The Gateway is fine by itself. Do its routes attach? kubectl -n cafe get httproute cafe -o yaml",
      "In which namespace stands the Gateway, in which the routes? Who decides whether they may come in?",
      "allowedRoutes.namespaces.from is Same when nobody says otherwise.",
    ],
    teaches:
      "allowedRoutes is the door of the Gateway's owner, and its default is the own namespace. It has nothing to do with ReferenceGrant, which the owner of a backend or Secret gives.",
  },
  {
    name: "missing-grant",
    prototype: "learn-04",
    concept: "a backend in another namespace needs a ReferenceGrant there",
    preparation: [
      {
        add: ["learn:apps", "apple", "gateway", "routes"],
        entry: { hostnames: ["apple.example.com"], path: "/coffee", backends: [{ app: "cafe" }] },
      },
      {
        add: ["learn:apps", "apple", "answers"],
        entry: { get: "http://apple.example.com/coffee", contains: "Server name: coffee" },
      },
    ],
    break: [
      {
        add: ["learn:patches"],
        entry: {
          kind: "ReferenceGrant",
          namespace: "cafe",
          name: "httproute-apple-to-service-coffee",
          merge: {
            spec: { from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "orchard" }] },
          },
        },
      },
    ],
    solution: [{ remove: ["learn:patches"] }],
    tells: "http://apple.example.com/ answers, http://apple.example.com/coffee is a 500.",
    symptoms: [
      { rule: "W27", severity: "error" },
      { answer: "GET http://apple.example.com/coffee", got: "500" },
    ],
    onCluster: "HTTPRoute apple says ResolvedRefs=False, RefNotPermitted.",
    hints: [
      "The route is accepted; it is one of its backends that may not be used.",
      "Service coffee stands in namespace cafe, the route in apple. Who has to allow that, and where?",
      "Read the ReferenceGrant in namespace cafe: for routes of which namespace is it?",
    ],
    teaches:
      "A reference that leaves its namespace is allowed by the owner of the target, with a ReferenceGrant beside it: from (kind and namespace of the route) and to (the Service) must both fit, in one grant. Otherwise the answer is 500.",
  },
];
