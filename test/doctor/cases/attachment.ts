import { condition, gatewayStatus, goodRoute, replaced, routeStatus } from "../../support/live-objects.ts";
import type { Case } from "./case.ts";

export const attachment: readonly Case[] = [
  {
    title: "a listener without its Secret, while the Gateway as a whole says Programmed",
    stack: "learn-03-03",
    disease: (live) => {
      live.remove("Secret mango/mango-https-tls");
      const gateway = live.get("Gateway mango/mango-gateway");
      const https = [
        condition(
          "ResolvedRefs",
          "False",
          "InvalidCertificateRef",
          "invalid certificate reference /Secret/mango-https-tls, secret mango/mango-https-tls not found",
        ),
        condition("Programmed", "False", "Invalid", "Bad TLS configuration"),
      ];
      live.change("Gateway mango/mango-gateway", { status: gatewayStatus(gateway, { https }) });
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      to: "Secret mango/mango-https-tls",
      status: /^listener https: ResolvedRefs=False InvalidCertificateRef: .*not found/,
      meaning: /mango-https-tls/,
      next: /mango-https-tls/,
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "T26: routes of another namespace are not let in",
    stack: "learn-04",
    disease: (live) => {
      const listener = { name: "http", protocol: "HTTP", port: 80, hostname: "*.example.com" };
      live.changeSpec("Gateway edge/edge", { listeners: [listener] });
      const refused = [
        condition(
          "Accepted",
          "False",
          "NotAllowedByListeners",
          'hostnames matched parent hostname "", but namespace "cafe" is not allowed by the parent',
        ),
      ];
      live.change("HTTPRoute cafe/cafe", { status: routeStatus(live.get("HTTPRoute cafe/cafe"), refused) });
    },
    wanted: {
      path: "HTTPRoute cafe/cafe",
      from: "HTTPRoute cafe/cafe",
      to: "Gateway edge/edge",
      status: /^Accepted=False NotAllowedByListeners/,
      meaning: /namespace/,
      next: /allowedRoutes/,
      trouble: "T26",
    },
  },
  {
    title: "T26: a backend of another namespace without a ReferenceGrant",
    stack: "learn-04",
    disease: (live) => {
      live.changeSpec("HTTPRoute apple/apple", {
        rules: [{ backendRefs: [{ name: "coffee", namespace: "cafe", port: 80 }] }],
      });
      const conditions = [
        condition(
          "ResolvedRefs",
          "False",
          "RefNotPermitted",
          'backendRef coffee/cafe not accessible to a HTTPRoute in namespace "apple" (missing a ReferenceGrant?)',
        ),
      ];
      live.change("HTTPRoute apple/apple", {
        status: routeStatus(live.get("HTTPRoute apple/apple"), replaced(goodRoute(), conditions)),
      });
    },
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "HTTPRoute apple/apple",
      to: "Service cafe/coffee",
      status: /^ResolvedRefs=False RefNotPermitted/,
      meaning: /ReferenceGrant/,
      next: /ReferenceGrant/,
      trouble: "T26",
      holds: ["HTTPRoute cafe/cafe"],
    },
  },
  {
    title: "T15: a parentRef that names no Gateway, and therefore no status",
    stack: "learn-03-03",
    disease: (live) => {
      live.changeSpec("HTTPRoute mango/mango", { parentRefs: [{ name: "mango-gatway", sectionName: "https" }] });
      live.change("HTTPRoute mango/mango", { status: {} });
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gatway",
      status: /^no controller has written a status for it/,
      meaning: /mango-gatway/,
      next: /mango-gateway/,
      trouble: "T15",
      holds: ["Gateway mango/mango-gateway"],
    },
  },
  {
    title: "T4: a right TLSRoute that the controller's version does not look at",
    stack: "learn-03-05",
    disease: (live) => live.change("TLSRoute default/nginx", { status: {} }),
    wanted: {
      path: "TLSRoute default/nginx",
      from: "TLSRoute default/nginx",
      status: /^no controller has written a status/,
      meaning: /its parentRef is right, .*version/,
      next: /get crd tlsroutes\.gateway\.networking\.k8s\.io/,
      trouble: "T4",
    },
  },
  {
    title: "one of two listeners refuses a route, and only that path is broken",
    stack: "learn-03-03",
    disease: (live) => {
      const [http, https] = [
        { name: "http", protocol: "HTTP", port: 80, hostname: "mango.example.com" },
        {
          name: "https",
          protocol: "HTTPS",
          port: 443,
          hostname: "fig.example.com",
          tls: { certificateRefs: [{ name: "mango-https-tls" }] },
        },
      ];
      live.changeSpec("Gateway mango/mango-gateway", { listeners: [http, https] });
      live.changeSpec("HTTPRoute mango/mango", { hostnames: ["mango.example.com"] });
      const accepted = goodRoute();
      const refused = [
        condition(
          "Accepted",
          "False",
          "NoMatchingListenerHostname",
          'no hostnames matched parent hostname "fig.example.com"',
        ),
      ];
      const parent = (sectionName: string, conditions: readonly object[]) => ({
        parentRef: { name: "mango-gateway", sectionName },
        conditions,
      });
      live.change("HTTPRoute mango/mango", {
        status: { parents: [parent("http", accepted), parent("https", refused)] },
      });
    },
    wanted: {
      path: "HTTPS fig.example.com:443",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gateway",
      status: /^Accepted=False NoMatchingListenerHostname/,
      meaning: /mango\.example\.com/,
      next: /hostname/,
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "a sectionName that no listener has: of that the controller says something itself",
    stack: "learn-03-03",
    disease: (live) => {
      live.changeSpec("HTTPRoute mango/mango", { parentRefs: [{ name: "mango-gateway", sectionName: "htps" }] });
      const unmatched = condition("Accepted", "False", "NoMatchingParent", 'sectionName "htps" not found');
      const route = live.get("HTTPRoute mango/mango");
      live.change("HTTPRoute mango/mango", { status: routeStatus(route, replaced(goodRoute(), [unmatched])) });
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gateway",
      status: /^Accepted=False NoMatchingParent: sectionName "htps" not found$/,
      meaning: /has sectionName htps \(NoMatchingParent\)/,
      next: /set sectionName: https/,
    },
  },
  {
    title: "a status for a Gateway of the same name in another namespace is not this one's",
    stack: "learn-03-03",
    disease: (live) => {
      const parentRef = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "mango-gateway" };
      const refused = [condition("Accepted", "False", "NotAllowedByListeners", "not allowed")];
      const parents = [
        { parentRef: { ...parentRef, namespace: "other" }, conditions: refused },
        { parentRef, conditions: goodRoute(2) },
      ];
      live.change("HTTPRoute mango/mango", { status: { parents } });
      live.remove("Secret mango/mango-https-tls");
      const gateway = live.get("Gateway mango/mango-gateway");
      const https = [condition("ResolvedRefs", "False", "InvalidCertificateRef", "not found")];
      live.change("Gateway mango/mango-gateway", { status: gatewayStatus(gateway, { https }) });
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      status: /InvalidCertificateRef/,
      meaning: /mango-https-tls/,
      next: /mango-https-tls/,
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "T8: a Secret that is gone while its Certificate still says Ready",
    stack: "learn-03-04",
    disease: (live) => {
      live.remove("Secret mango/mango-https-tls");
      const https = [
        condition("ResolvedRefs", "False", "InvalidCertificateRef", "secret mango/mango-https-tls not found"),
      ];
      const gateway = live.get("Gateway mango/mango-gateway");
      live.change("Gateway mango/mango-gateway", { status: gatewayStatus(gateway, { https }) });
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      to: "Secret mango/mango-https-tls",
      status: /^listener https: ResolvedRefs=False InvalidCertificateRef/,
      meaning: /Certificate mango\/mango-https-tls still says that it is ready: cert-manager, .* does not run/,
      next: /describe certificate mango-https-tls/,
      trouble: "T8",
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "T4: the cluster does not know TLSRoutes at all",
    stack: "learn-03-05",
    disease: (live) => live.removeKinds("TLSRoute"),
    unserved: ["TLSRoute"],
    wanted: {
      path: "Gateway default/nginx-gateway",
      from: "Gateway default/nginx-gateway",
      to: "CustomResourceDefinition tlsroutes.gateway.networking.k8s.io",
      status: /^listener tls: no route is attached$/,
      meaning: /does not know TLSRoutes/,
      next: /get crd tlsroutes/,
      trouble: "T4",
    },
  },
  {
    title: "a route that was changed while its controller was away",
    stack: "learn-03-03",
    disease: (live) => {
      const { metadata } = live.get("HTTPRoute mango/mango");
      live.change("HTTPRoute mango/mango", { metadata: { ...metadata, generation: 2 } });
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "HTTPRoute mango/mango",
      status: /^its status is of generation 1, and the object is of generation 2$/,
      meaning: /has not looked at the last change/,
      next: /describe httproute mango/,
    },
  },
  {
    title: "a port that the Service has not, of which the controller says nothing",
    stack: "learn-03-03",
    disease: (live) =>
      live.changeSpec("HTTPRoute mango/mango", { rules: [{ backendRefs: [{ name: "mango-svc", port: 5678 }] }] }),
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "HTTPRoute mango/mango",
      to: "Service mango/mango-svc",
      status: /^Accepted=True, ResolvedRefs=True/,
      meaning: /has no port 5678/,
      next: /set port: 8000/,
    },
  },
  {
    title: "T26: a certificate of another namespace without a ReferenceGrant, in all of istiod's words",
    stack: "learn-03-03",
    disease: (live) => {
      const listeners = [
        { name: "http", protocol: "HTTP", port: 80, hostname: "mango.example.com" },
        {
          name: "https",
          protocol: "HTTPS",
          port: 443,
          hostname: "mango.example.com",
          tls: { certificateRefs: [{ name: "nginx-tls", namespace: "nginx" }] },
        },
      ];
      live.changeSpec("Gateway mango/mango-gateway", { listeners });
      const said =
        'certificateRef nginx-tls/nginx not accessible to a Gateway in namespace "mango" (missing a ReferenceGrant?)';
      const https = [
        condition("Accepted", "False", "NoValidCACertificate", said),
        condition("ResolvedRefs", "False", "RefNotPermitted", said),
        condition("Programmed", "False", "Invalid", "Bad TLS configuration"),
      ];
      live.change("Gateway mango/mango-gateway", {
        status: gatewayStatus(live.get("Gateway mango/mango-gateway"), { https }),
      });
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      to: "Secret nginx/nginx-tls",
      status: /^listener https: ResolvedRefs=False RefNotPermitted: .*missing a ReferenceGrant\?/,
      meaning: /no ReferenceGrant in namespace nginx lets it/,
      next: /add a ReferenceGrant in namespace nginx/,
      trouble: "T26",
      holds: ["HTTP mango.example.com:80"],
    },
  },
];
