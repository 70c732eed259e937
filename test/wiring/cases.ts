import type { Fields } from "../../lab/manifests/fields.ts";
import { fields, fieldsList } from "../../lab/manifests/fields.ts";
import type { Sourced } from "../../lab/manifests/object.ts";
import type { Known } from "../../lab/topology/known.ts";
import { PEM_PAIR } from "../support/pem-pair.ts";
import { find, objects } from "./example.ts";
import { knownSet, validVault } from "./known.ts";

/** One mistake: how the valid set is made wrong, and what alone is then found. */
export interface Case {
  /** The rule and, for warnings, "W": "W21 W". */
  readonly rule: string;
  readonly title: string;
  /** What is added to the valid set before the mistake; still valid. */
  readonly more?: string;
  readonly known?: Known;
  readonly break: (set: Sourced[]) => void;
  /** What is known after the mistake, when that is where it is made. */
  readonly knownBroken?: Known;
  /** Further rules that the mistake rightly breaks, sorted as they are told. */
  readonly also?: readonly string[];
}

type Spec = Fields;

const specOf = (set: readonly Sourced[], kind: string, name: string): Spec => fields(find(set, kind, name).spec);
const gateway = (set: readonly Sourced[]) => specOf(set, "Gateway", "gate");
const listener = (set: readonly Sourced[], name: string): Spec => {
  const found = fieldsList(gateway(set).listeners).find((l) => l.name === name);
  if (found === undefined) throw new Error(`no listener ${name}`);
  return found;
};
const mango = (set: readonly Sourced[]) => specOf(set, "HTTPRoute", "mango");
const parent = (set: readonly Sourced[]): Spec => fieldsList(mango(set).parentRefs)[0] ?? {};
const rule = (set: readonly Sourced[]): Spec => fieldsList(mango(set).rules)[0] ?? {};
const backend = (set: readonly Sourced[]): Spec => fieldsList(rule(set).backendRefs)[0] ?? {};
const pod = (set: readonly Sourced[], name: string): Spec =>
  fields(fields(specOf(set, "Deployment", name).template).spec);
const add = (set: Sourced[], yaml: string) => set.push(...objects(yaml));
const remove = (set: Sourced[], kind: string, name: string) => {
  set.splice(
    set.findIndex(({ object }) => object.kind === kind && object.metadata.name === name),
    1,
  );
};
const at = (list: unknown, index: number): Fields => {
  const entry = fieldsList(list)[index];
  if (entry === undefined) throw new Error(`no entry ${index}`);
  return entry;
};
const first = (list: unknown): Fields => at(list, 0);
const path = (value: string, type = "PathPrefix") => [{ path: { type, value } }];
const listenerOf = (over: Fields) => ({ name: "more", protocol: "HTTP", port: 8080, ...over });
const addListener = (over: Fields) => (set: Sourced[]) => {
  gateway(set).listeners = [...fieldsList(gateway(set).listeners), listenerOf(over)];
};
const vault = validVault();

const FAR = `
apiVersion: v1
kind: Namespace
metadata: { name: far }
---
apiVersion: v1
kind: Service
metadata: { name: far, namespace: far }
spec: { ports: [{ port: 80 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { name: from-fruit, namespace: far }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: fruit }]
  to: [{ group: "", kind: Service, name: far }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: far, namespace: fruit }
spec:
  parentRefs: [{ name: gate, namespace: edge, sectionName: https }]
  rules: [{ matches: [{ path: { value: /far } }], backendRefs: [{ name: far, namespace: far, port: 80 }] }]
`;
const SECRET_AFAR = `
apiVersion: v1
kind: Secret
metadata: { name: shared, namespace: far }
type: kubernetes.io/tls
stringData: ${JSON.stringify(PEM_PAIR)}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { name: certificates, namespace: far }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }]
  to: [{ group: "", kind: Secret }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: second, namespace: edge }
spec:
  gatewayClassName: nginx
  listeners:
    - { name: https, protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: shared, namespace: far }] } }
`;
const LISTENER_SET = `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { name: set, namespace: edge }
spec:
  parentRef: { name: open }
  listeners: [{ name: extra, protocol: HTTP, port: 81, allowedRoutes: { namespaces: { from: All } } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: open, namespace: edge }
spec:
  gatewayClassName: nginx
  allowedListeners: { namespaces: { from: Same } }
  listeners: [{ name: http, protocol: HTTP, port: 80 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: extra, namespace: fruit }
spec:
  parentRefs: [{ kind: ListenerSet, name: set, namespace: edge, sectionName: extra }]
  rules: [{ backendRefs: [{ name: mango, port: 8000 }] }]
`;
const POLICY = `
apiVersion: v1
kind: ConfigMap
metadata: { name: kiwi-ca, namespace: fruit }
data: { ca.crt: PEM }
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: kiwi, namespace: fruit }
spec:
  targetRefs: [{ group: "", kind: Service, name: kiwi }]
  validation: { hostname: kiwi.example.com, caCertificateRefs: [{ group: "", kind: ConfigMap, name: kiwi-ca }] }
`;
const MESH = `
apiVersion: v1
kind: Namespace
metadata: { name: meshed, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: "true" } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: meshed }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: ingress }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: istio, namespace: ingress }
spec:
  gatewayClassName: istio
  listeners: [{ name: http, protocol: HTTP, port: 80, allowedRoutes: { namespaces: { from: All } } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: plum, namespace: meshed }
spec:
  parentRefs: [{ name: istio, namespace: ingress }]
  rules: [{ backendRefs: [{ name: plum, port: 80 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: plum, namespace: meshed }
spec: { selector: { app: plum }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: plum, namespace: meshed, labels: { app: plum } }
spec: { containers: [{ name: plum, image: plum, ports: [{ containerPort: 80 }] }] }
`;
const ANNOTATED = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: shim, namespace: edge, annotations: { cert-manager.io/issuer: ca } }
spec:
  gatewayClassName: nginx
  listeners:
    - { name: https, protocol: HTTPS, port: 443, hostname: shim.example.com, tls: { certificateRefs: [{ name: shim-tls }] } }
`;
const CRDS = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations: { gateway.networking.k8s.io/bundle-version: v1.6.3, gateway.networking.k8s.io/channel: standard }
spec: { group: gateway.networking.k8s.io, names: { kind: HTTPRoute }, versions: [{ name: v1, served: true }] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: tlsroutes.gateway.networking.k8s.io
  annotations: { gateway.networking.k8s.io/bundle-version: v1.6.3, gateway.networking.k8s.io/channel: standard }
spec: { group: gateway.networking.k8s.io, names: { kind: TLSRoute }, versions: [{ name: v1, served: true }] }
`;
const SPLIT = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: split, namespace: fruit }
spec:
  parentRefs: [{ name: gate, namespace: edge, sectionName: https }]
  rules:
    - matches: [{ path: { value: /split } }]
      backendRefs: [{ name: mango, port: 8000, weight: 3 }, { name: mango-next, port: 8000, weight: 1 }]
---
apiVersion: v1
kind: Service
metadata: { name: mango-next, namespace: fruit }
spec: { selector: { app: mango }, ports: [{ name: http, port: 8000, targetPort: 5678 }] }
`;
const PASSTHROUGH_INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pass, namespace: fruit, annotations: { nginx.ingress.kubernetes.io/ssl-passthrough: "true" } }
spec:
  ingressClassName: nginx
  rules:
    - { host: pass.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: kiwi, port: { number: 443 } } } }] } }
`;
const splitRule = (set: readonly Sourced[]): Fields => fieldsList(specOf(set, "HTTPRoute", "split").rules)[0] ?? {};
const ingressRule = (set: readonly Sourced[]): Fields => fieldsList(specOf(set, "Ingress", "mango").rules)[0] ?? {};
const ingressPath = (set: readonly Sourced[]): Fields => fieldsList(fields(ingressRule(set).http).paths)[0] ?? {};
const ingressService = (set: readonly Sourced[]): Fields => fields(fields(ingressPath(set).backend).service);
const policy = (set: readonly Sourced[]) => specOf(set, "BackendTLSPolicy", "kiwi");

/** Every rule, each broken once or in each of its ways. */
export const CASES: readonly Case[] = [
  {
    rule: "W1",
    title: "class of no controller",
    break: (s) => {
      gateway(s).gatewayClassName = "nginxx";
    },
  },
  {
    rule: "W2",
    title: "two listeners of one name",
    break: addListener({ name: "http", allowedRoutes: { namespaces: { from: "All" } } }),
  },
  { rule: "W10 W", title: "HTTP on a port of HTTPS", break: addListener({ port: 443, hostname: "kiwi.example.com" }) },
  { rule: "W3", title: "same port and hostname", break: addListener({ port: 80, hostname: "*.example.com" }) },
  { rule: "W3", title: "TCP beside HTTP", break: addListener({ protocol: "TCP", port: 80 }) },
  {
    rule: "W3",
    title: "two UDP on one port",
    more: gatewayWith("{ name: a, protocol: UDP, port: 53 }"),
    break: (s) => {
      specOf(s, "Gateway", "other").listeners = [
        { name: "a", protocol: "UDP", port: 53 },
        { name: "b", protocol: "UDP", port: 53 },
      ];
    },
  },
  {
    rule: "W4",
    title: "tls on HTTP",
    break: (s) => {
      listener(s, "http").tls = { mode: "Terminate", certificateRefs: [{ name: "mango-tls" }] };
    },
  },
  {
    rule: "W5",
    title: "HTTPS passed through",
    break: (s) => {
      listener(s, "https").tls = { mode: "Passthrough" };
    },
  },
  {
    rule: "W6",
    title: "TLS without mode",
    break: addListener({ protocol: "TLS", port: 9443, tls: { certificateRefs: [{ name: "mango-tls" }] } }),
  },
  { rule: "W7", title: "hostname on TCP", break: addListener({ protocol: "TCP", hostname: "a.example.com" }) },
  { rule: "W8", title: "HTTPS without tls", break: (s) => void delete listener(s, "https").tls },
  {
    rule: "W8",
    title: "HTTPS without certificate",
    break: (s) => {
      listener(s, "https").tls = { certificateRefs: [] };
    },
  },
  {
    rule: "W8 W",
    title: "certificate on passthrough",
    break: (s) => {
      listener(s, "tls").tls = { mode: "Passthrough", certificateRefs: [{ name: "mango-tls" }] };
    },
  },
  { rule: "W9", title: "port out of range", break: addListener({ port: 70000 }) },
  {
    rule: "W9",
    title: "too many listeners",
    more: gatewayWith("{ name: a, protocol: HTTP, port: 80 }"),
    break: (s) => {
      specOf(s, "Gateway", "other").listeners = Array.from({ length: 65 }, (_, i) => ({
        name: `l${i}`,
        protocol: "HTTP",
        port: 1000 + i,
      }));
    },
  },
  {
    rule: "W9 W",
    title: "name too long",
    more: gatewayWith("{ name: a, protocol: HTTP, port: 80 }"),
    break: (s) => {
      find(s, "Gateway", "other").metadata.name = "o".repeat(64);
    },
  },
  {
    rule: "W10 W",
    title: "overlapping hostnames",
    break: addListener({
      protocol: "HTTPS",
      port: 443,
      hostname: "*.example.com",
      tls: { certificateRefs: [{ name: "wild-tls" }] },
    }),
    more: wildCertificate(),
  },
  {
    rule: "W10 W",
    title: "one certificate for two",
    break: addListener({
      protocol: "HTTPS",
      port: 443,
      hostname: "a.example.com",
      tls: { certificateRefs: [{ name: "mango-tls" }] },
    }),
    also: ["W14"],
  },
  {
    rule: "W10 W",
    title: "both modes on one port",
    break: (s) => {
      listener(s, "tls").port = 443;
    },
  },
  {
    rule: "W11",
    title: "certificate in a ConfigMap",
    break: (s) => {
      listener(s, "https").tls = { certificateRefs: [{ kind: "ConfigMap", name: "mango-tls" }] };
    },
  },
  {
    rule: "W12",
    title: "no such Secret",
    break: (s) => {
      listener(s, "https").tls = { certificateRefs: [{ name: "mango-tsl" }] };
    },
  },
  {
    rule: "W12",
    title: "Secret of another type",
    more: `${SECRET_AFAR}`,
    break: (s) => {
      find(s, "Secret", "shared").type = "Opaque";
    },
  },
  {
    rule: "W12",
    title: "Secret without its key",
    more: `${SECRET_AFAR}`,
    break: (s) => {
      find(s, "Secret", "shared").stringData = { "tls.crt": "a" };
    },
  },
  {
    rule: "W13",
    title: "no grant for the Secret",
    more: SECRET_AFAR,
    break: (s) => remove(s, "ReferenceGrant", "certificates"),
  },
  {
    rule: "W13",
    title: "no grant, and no Secret either",
    more: SECRET_AFAR,
    break: (s) => {
      remove(s, "ReferenceGrant", "certificates");
      remove(s, "Secret", "shared");
    },
  },
  {
    rule: "W13",
    title: "grant for another namespace",
    more: SECRET_AFAR,
    break: (s) => {
      specOf(s, "ReferenceGrant", "certificates").from = [
        { group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "fruit" },
      ];
    },
  },
  {
    rule: "W14 W",
    title: "certificate for another host",
    break: (s) => {
      specOf(s, "Certificate", "mango").dnsNames = ["melon.example.com"];
    },
  },
  {
    rule: "W14 W",
    title: "wildcard over two labels",
    break: (s) => {
      listener(s, "https").hostname = "*.example.com";
      mango(s).hostnames = ["a.b.example.com"];
      specOf(s, "Certificate", "mango").dnsNames = ["*.example.com"];
    },
  },
  {
    rule: "W15",
    title: "namespace without the label",
    break: (s) => void delete find(s, "Namespace", "fruit").metadata.labels,
  },
  {
    rule: "W15",
    title: "routes of the same namespace only",
    break: (s) => void delete listener(s, "https").allowedRoutes,
  },
  {
    rule: "W15",
    title: "selector forgotten",
    break: addListener({ allowedRoutes: { namespaces: { from: "Selector" } } }),
  },
  {
    rule: "W16",
    title: "kind not in the listener's list",
    break: (s) => {
      listener(s, "https").allowedRoutes = { namespaces: { from: "All" }, kinds: [{ kind: "GRPCRoute" }] };
    },
  },
  {
    rule: "W16",
    title: "kind that the protocol cannot carry",
    break: addListener({ allowedRoutes: { kinds: [{ kind: "TLSRoute" }] } }),
  },
  {
    rule: "W16",
    title: "protocol that nobody knows",
    more: gatewayWith("{ name: a, protocol: HTTP, port: 80 }"),
    break: (s) => {
      first(specOf(s, "Gateway", "other").listeners).protocol = "http";
    },
  },
  {
    rule: "W17",
    title: "parent of another name",
    break: (s) => {
      parent(s).name = "gaet";
    },
  },
  {
    rule: "W17",
    title: "parent in another namespace",
    break: (s) => {
      delete parent(s).namespace;
    },
  },
  {
    rule: "W17",
    title: "parent of another kind",
    break: (s) => {
      parent(s).kind = "GatewayClass";
    },
  },
  {
    rule: "W18",
    title: "no such listener",
    break: (s) => {
      parent(s).sectionName = "htps";
    },
  },
  {
    rule: "W18",
    title: "no listener of that port",
    break: (s) => {
      delete parent(s).sectionName;
      parent(s).port = 444;
    },
  },
  {
    rule: "W18",
    title: "name and port of two listeners",
    break: (s) => {
      parent(s).port = 80;
    },
  },
  {
    rule: "W19",
    title: "one parent twice",
    break: (s) => {
      mango(s).parentRefs = [parent(s), { ...parent(s) }];
    },
  },
  {
    rule: "W20",
    title: "refused for several reasons",
    break: (s) => {
      delete parent(s).sectionName;
      mango(s).hostnames = ["mango.example.org"];
    },
  },
  {
    rule: "W20 W",
    title: "taken by fewer than asked",
    break: (s) => {
      delete parent(s).sectionName;
    },
  },
  {
    rule: "W20a W",
    title: "grant instead of allowedRoutes",
    break: (s) =>
      add(
        s,
        "apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: { name: routes, namespace: edge }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: fruit }], to: [{ group: gateway.networking.k8s.io, kind: Gateway }] }",
      ),
  },
  {
    rule: "W20b",
    title: "ListenerSet not let in",
    more: LISTENER_SET,
    break: (s) => void delete specOf(s, "Gateway", "open").allowedListeners,
  },
  {
    rule: "W20b",
    title: "ListenerSet of a namespace that the selector leaves out",
    more: LISTENER_SET,
    break: (s) => {
      const selector = { matchLabels: { routes: "welcome" } };
      specOf(s, "Gateway", "open").allowedListeners = { namespaces: { from: "Selector", selector } };
    },
  },
  {
    rule: "W3",
    title: "ListenerSet that takes what its Gateway has",
    more: LISTENER_SET,
    break: (s) => {
      first(specOf(s, "ListenerSet", "set").listeners).port = 80;
    },
  },
  {
    rule: "W21",
    title: "no common host",
    break: (s) => {
      mango(s).hostnames = ["melon.example.com"];
    },
  },
  {
    rule: "W21 W",
    title: "one host of two ignored",
    break: (s) => {
      mango(s).hostnames = ["mango.example.com", "melon.example.com"];
    },
  },
  {
    rule: "W22",
    title: "address as hostname",
    break: (s) => {
      mango(s).hostnames = ["10.0.0.1"];
    },
  },
  {
    rule: "W22",
    title: "wildcard in the middle",
    break: (s) => {
      mango(s).hostnames = ["man*.example.com"];
    },
  },
  {
    rule: "W22",
    title: "TLSRoute without hostnames",
    break: (s) => void delete specOf(s, "TLSRoute", "kiwi").hostnames,
  },
  {
    rule: "W22",
    title: "TLSRoute with two rules",
    break: (s) => {
      const spec = specOf(s, "TLSRoute", "kiwi");
      spec.rules = [...fieldsList(spec.rules), ...fieldsList(spec.rules)];
    },
  },
  {
    rule: "W22",
    title: "TLSRoute without backends",
    break: (s) => {
      specOf(s, "TLSRoute", "kiwi").rules = [{ backendRefs: [] }];
    },
  },
  {
    rule: "W23",
    title: "TLSRoute on an HTTPS listener",
    break: (s) => {
      specOf(s, "TLSRoute", "kiwi").parentRefs = [{ name: "gate", namespace: "edge", sectionName: "https" }];
    },
  },
  {
    rule: "W23",
    title: "HTTPRoute on a passthrough listener",
    break: (s) => {
      listener(s, "tls").allowedRoutes = { namespaces: { from: "All" } };
      parent(s).sectionName = "tls";
    },
  },
  {
    rule: "W24",
    title: "backend that is a Deployment",
    break: (s) => Object.assign(backend(s), { group: "apps", kind: "Deployment" }),
  },
  {
    rule: "W25",
    title: "no such Service",
    break: (s) => {
      backend(s).name = "mnago";
    },
  },
  {
    rule: "W25",
    title: "mirror to no such Service",
    break: (s) => {
      rule(s).filters = [{ type: "RequestMirror", requestMirror: { backendRef: { name: "shadow", port: 80 } } }];
    },
  },
  {
    rule: "W26",
    title: "port by name",
    break: (s) => {
      backend(s).port = "http";
    },
  },
  {
    rule: "W26",
    title: "backend without port",
    break: (s) => {
      delete backend(s).port;
    },
  },
  {
    rule: "W26",
    title: "targetPort instead of port",
    break: (s) => {
      first(specOf(s, "Service", "mango").ports).targetPort = 5678;
      backend(s).port = 5678;
    },
  },
  {
    rule: "W27",
    title: "no grant for the Service",
    more: FAR,
    break: (s) => remove(s, "ReferenceGrant", "from-fruit"),
  },
  {
    rule: "W27",
    title: "grant for another Service",
    more: FAR,
    break: (s) => {
      specOf(s, "ReferenceGrant", "from-fruit").to = [{ group: "", kind: "Service", name: "other" }];
    },
  },
  {
    rule: "W28 W",
    title: "weights that add up to nothing",
    break: (s) => {
      backend(s).weight = 0;
    },
  },
  {
    rule: "W28 W",
    title: "a share to a broken backend",
    more: SPLIT,
    break: (s) => {
      at(splitRule(s).backendRefs, 1).name = "nowhere";
    },
    also: ["W25"],
  },
  {
    rule: "W28 W",
    title: "ExternalName",
    break: (s) => {
      const service = specOf(s, "Service", "mango");
      delete service.selector;
      Object.assign(service, { type: "ExternalName", externalName: "mango.example.net" });
    },
  },
  {
    rule: "W29",
    title: "selector that matches nothing",
    break: (s) => {
      specOf(s, "Service", "mango").selector = { app: "mngo" };
    },
  },
  {
    rule: "W29",
    title: "pods in another namespace",
    break: (s) => {
      find(s, "Deployment", "mango").metadata.namespace = "edge";
      find(s, "ConfigMap", "greeting").metadata.namespace = "edge";
    },
  },
  {
    rule: "W29",
    title: "pods that are not there",
    known: knownSet({ complete: true }),
    break: (s) => remove(s, "Deployment", "mango"),
  },
  {
    rule: "W29",
    title: "name of no container port",
    break: (s) => {
      first(specOf(s, "Service", "mango").ports).targetPort = "http";
    },
  },
  {
    rule: "W29",
    title: "number of no container port",
    break: (s) => {
      first(specOf(s, "Service", "kiwi").ports).targetPort = 8443;
    },
  },
  {
    rule: "W29",
    title: "no replicas",
    break: (s) => {
      specOf(s, "Deployment", "mango").replicas = 0;
    },
  },
  {
    rule: "W30",
    title: "redirect with backends",
    break: (s) => {
      rule(s).filters = [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }];
    },
  },
  {
    rule: "W30",
    title: "redirect and rewrite",
    break: (s) => {
      delete rule(s).backendRefs;
      rule(s).filters = [
        { type: "RequestRedirect", requestRedirect: {} },
        { type: "URLRewrite", urlRewrite: {} },
      ];
    },
  },
  {
    rule: "W30",
    title: "one filter twice",
    break: (s) => {
      rule(s).filters = [1, 2].map((i) => ({
        type: "RequestHeaderModifier",
        requestHeaderModifier: { set: [{ name: `a${i}`, value: "b" }] },
      }));
    },
  },
  {
    rule: "W30",
    title: "settings of another type",
    break: (s) => {
      rule(s).filters = [{ type: "URLRewrite", requestHeaderModifier: { remove: ["a"] } }];
    },
  },
  {
    rule: "W30",
    title: "prefix replaced without a prefix",
    break: (s) => {
      rule(s).matches = path("/mango", "Exact");
      rule(s).filters = [
        { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } },
      ];
    },
  },
  {
    rule: "W30",
    title: "path without its slash",
    break: (s) => {
      rule(s).matches = path("mango");
    },
  },
  {
    rule: "W30",
    title: "path with an empty segment",
    break: (s) => {
      rule(s).matches = path("/a//b");
    },
  },
  {
    rule: "W30",
    title: "path with dots",
    break: (s) => {
      rule(s).matches = path("/a/..");
    },
  },
  {
    rule: "W30",
    title: "one try longer than the whole",
    break: (s) => {
      rule(s).timeouts = { request: "1s", backendRequest: "1500ms" };
    },
  },
  {
    rule: "W30",
    title: "too many rules",
    break: (s) => {
      mango(s).rules = Array.from({ length: 17 }, () => ({ backendRefs: [{ name: "mango", port: 8000 }] }));
    },
  },
  {
    rule: "W31",
    title: "target in another namespace",
    more: POLICY,
    break: (s) => {
      find(s, "BackendTLSPolicy", "kiwi").metadata.namespace = "edge";
      find(s, "ConfigMap", "kiwi-ca").metadata.namespace = "edge";
    },
  },
  {
    rule: "W31",
    title: "hostname missing",
    more: POLICY,
    break: (s) => {
      delete fields(policy(s).validation).hostname;
    },
  },
  {
    rule: "W31",
    title: "hostname of another certificate",
    more: POLICY,
    break: (s) => {
      fields(policy(s).validation).hostname = "melon.example.com";
    },
  },
  {
    rule: "W31",
    title: "both kinds of CA",
    more: POLICY,
    break: (s) => {
      fields(policy(s).validation).wellKnownCACertificates = "System";
    },
  },
  {
    rule: "W31",
    title: "no CA",
    more: POLICY,
    break: (s) => {
      delete fields(policy(s).validation).caCertificateRefs;
    },
  },
  { rule: "W31", title: "no such ConfigMap", more: POLICY, break: (s) => remove(s, "ConfigMap", "kiwi-ca") },
  {
    rule: "W31",
    title: "ConfigMap without ca.crt",
    more: POLICY,
    break: (s) => {
      find(s, "ConfigMap", "kiwi-ca").data = { "ca.pem": "PEM" };
    },
  },
  {
    rule: "W31",
    title: "CA of a kind that holds none",
    more: POLICY,
    break: (s) => {
      fields(policy(s).validation).caCertificateRefs = [{ group: "apps", kind: "Deployment", name: "kiwi-ca" }];
    },
  },
  {
    rule: "W31",
    title: "one target twice",
    more: POLICY,
    break: (s) => {
      policy(s).targetRefs = [...fieldsList(policy(s).targetRefs), ...fieldsList(policy(s).targetRefs)];
    },
  },
  {
    rule: "W31",
    title: "no such port name",
    more: POLICY,
    break: (s) => {
      policy(s).targetRefs = [{ group: "", kind: "Service", name: "kiwi", sectionName: "htps" }];
    },
  },
  {
    rule: "W32",
    title: "two bundles",
    more: CRDS,
    break: (s) => {
      find(s, "CustomResourceDefinition", "tlsroutes.gateway.networking.k8s.io").metadata.annotations = {
        "gateway.networking.k8s.io/bundle-version": "v1.5.1",
        "gateway.networking.k8s.io/channel": "standard",
      };
    },
  },
  {
    rule: "W32",
    title: "bundle too old for Istio",
    known: knownSet({ gatewayApi: { version: "1.6.3", channel: "experimental" }, products: { istio: "1.31.1" } }),
    break: (s) => {
      find(s, "TLSRoute", "kiwi").apiVersion = "gateway.networking.k8s.io/v1alpha2";
    },
    knownBroken: knownSet({ gatewayApi: { version: "1.4.1", channel: "experimental" }, products: { istio: "1.31.1" } }),
  },
  {
    rule: "W33",
    title: "version not served any more",
    break: (s) => {
      find(s, "TLSRoute", "kiwi").apiVersion = "gateway.networking.k8s.io/v1alpha2";
    },
  },
  {
    rule: "W33",
    title: "version of an Ingress that is long gone",
    break: (s) => {
      find(s, "Ingress", "mango").apiVersion = "extensions/v1beta1";
    },
  },
  {
    rule: "W33",
    title: "kind of another group",
    more: gatewayWith("{ name: a, protocol: HTTP, port: 80 }"),
    break: (s) => {
      find(s, "Gateway", "other").apiVersion = "networking.k8s.io/v1";
    },
  },
  {
    rule: "W33",
    title: "kind in other letters",
    break: (s) => {
      find(s, "HTTPRoute", "redirect").kind = "HttpRoute";
    },
  },
  {
    rule: "W33",
    title: "version not served by the CRD",
    more: CRDS,
    break: (s) => {
      specOf(s, "CustomResourceDefinition", "tlsroutes.gateway.networking.k8s.io").versions = [
        { name: "v1alpha2", served: true },
        { name: "v1", served: false },
      ];
    },
  },
  {
    rule: "W34",
    title: "no such waypoint",
    more: MESH,
    break: (s) => {
      find(s, "Gateway", "waypoint").metadata.name = "wp";
    },
  },
  {
    rule: "W34",
    title: "waypoint of another class",
    more: MESH,
    break: (s) =>
      Object.assign(specOf(s, "Gateway", "waypoint"), {
        gatewayClassName: "istio",
        listeners: [{ name: "mesh", port: 80, protocol: "HTTP" }],
        infrastructure: { labels: { "istio.io/dataplane-mode": "none" } },
      }),
  },
  {
    rule: "W34 W",
    title: "gateway past the waypoint",
    more: MESH,
    break: (s) => void delete find(s, "Namespace", "meshed").metadata.labels?.["istio.io/ingress-use-waypoint"],
  },
  {
    rule: "W34 W",
    title: "gateway inside the mesh",
    more: MESH,
    break: (s) => {
      find(s, "Namespace", "ingress").metadata.labels = { "istio.io/dataplane-mode": "ambient" };
    },
  },
  {
    rule: "W34 W",
    title: "applications outside the mesh",
    more: `${MESH}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: also, labels: { istio.io/dataplane-mode: ambient } }`,
    break: (s) => void delete find(s, "Namespace", "meshed").metadata.labels?.["istio.io/dataplane-mode"],
  },
  {
    rule: "W35 W",
    title: "plain HTTP on a port named https",
    break: (s) => {
      first(specOf(s, "Service", "mango").ports).name = "https";
    },
    also: ["I2"],
  },
  {
    rule: "W35 W",
    title: "plain HTTP to a port that speaks TLS",
    break: (s) => Object.assign(backend(s), { name: "kiwi", port: 443 }),
  },
  {
    rule: "W36",
    title: "no such issuer",
    break: (s) => {
      specOf(s, "Certificate", "mango").issuerRef = { name: "cb" };
    },
  },
  {
    rule: "W36",
    title: "issuer of another kind",
    break: (s) => {
      specOf(s, "Certificate", "kiwi").issuerRef = { name: "vault" };
    },
  },
  {
    rule: "W36",
    title: "issuer of another namespace",
    break: (s) => {
      find(s, "Issuer", "ca").metadata.namespace = "fruit";
    },
    also: ["W36"],
  },
  {
    rule: "W36",
    title: "CA issuer without its Secret",
    break: (s) => {
      specOf(s, "Issuer", "ca").ca = { secretName: "rot-ca" };
    },
  },
  { rule: "W36", title: "no ServiceAccount", break: (s) => remove(s, "ServiceAccount", "vault-login") },
  { rule: "W36", title: "no Role", break: (s) => remove(s, "Role", "vault-login") },
  {
    rule: "W36",
    title: "Role for another account",
    break: (s) => {
      first(find(s, "Role", "vault-login").rules).resourceNames = ["other"];
    },
  },
  { rule: "W36", title: "no RoleBinding", break: (s) => remove(s, "RoleBinding", "vault-login") },
  {
    rule: "W36",
    title: "RoleBinding to another account",
    break: (s) => {
      find(s, "RoleBinding", "vault-login").subjects = [
        { kind: "ServiceAccount", name: "default", namespace: "cert-manager" },
      ];
    },
  },
  { rule: "W36", title: "Vault has no such mount", break: setVault("path", "pki_in/sign/example") },
  { rule: "W36", title: "Vault has no such role", break: setVault("path", "pki_int/sign/exampl") },
  { rule: "W36", title: "not a signing path", break: setVault("path", "pki_int/issue/example") },
  {
    rule: "W36",
    title: "Vault has no such login",
    break: setVault("auth", { kubernetes: { role: "kwi", serviceAccountRef: { name: "vault-login" } } }),
  },
  {
    rule: "W36",
    title: "Vault binds another account",
    break: () => {},
    knownBroken: vaultLogin({ boundServiceAccountNames: ["other"] }),
  },
  {
    rule: "W36",
    title: "Vault binds another namespace",
    break: () => {},
    knownBroken: vaultLogin({ boundServiceAccountNamespaces: ["fruit"] }),
  },
  {
    rule: "W36",
    title: "Vault expects another audience",
    break: () => {},
    knownBroken: vaultLogin({ audience: "vault://fruit/vault" }),
  },
  {
    rule: "W36",
    title: "Vault's policy allows another path",
    break: () => {},
    knownBroken: knownSet({ vault: { ...vault, policies: { kiwi: { "pki/sign/example": ["update"] } } } }),
  },
  {
    rule: "W36",
    title: "Vault's role does not allow the name",
    break: (s) => {
      specOf(s, "Certificate", "kiwi").dnsNames = ["kiwi.example.com", "kiwi.example.org"];
    },
  },
  {
    rule: "W36",
    title: "Vault's role allows no addresses",
    break: (s) => {
      specOf(s, "Certificate", "kiwi").ipAddresses = ["127.0.0.1"];
    },
  },
  {
    rule: "W37",
    title: "no such Secret for a volume",
    break: (s) => {
      pod(s, "kiwi").volumes = [{ name: "tls", secret: { secretName: "kiwi-tsl" } }];
    },
  },
  { rule: "W37", title: "no such ConfigMap for the environment", break: (s) => remove(s, "ConfigMap", "greeting") },
  {
    rule: "W37",
    title: "no such claim",
    break: (s) => {
      pod(s, "mango").volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    },
  },
  {
    rule: "W38",
    title: "annotated, no hostname",
    more: ANNOTATED,
    break: (s) => void delete first(specOf(s, "Gateway", "shim").listeners).hostname,
  },
  {
    rule: "W38 W",
    title: "annotated, plain listener",
    more: ANNOTATED,
    break: (s) => {
      const spec = specOf(s, "Gateway", "shim");
      spec.listeners = [...fieldsList(spec.listeners), { name: "http", protocol: "HTTP", port: 80 }];
    },
  },
  {
    rule: "W38 W",
    title: "annotated, passthrough",
    more: ANNOTATED,
    break: (s) => {
      const spec = specOf(s, "Gateway", "shim");
      spec.listeners = [
        ...fieldsList(spec.listeners),
        { name: "tls", protocol: "TLS", port: 8443, hostname: "a.example.com", tls: { mode: "Passthrough" } },
      ];
    },
  },
  {
    rule: "W39 W",
    title: "leaf that is a CA",
    break: (s) => {
      specOf(s, "Certificate", "mango").isCA = true;
    },
  },
  {
    rule: "W39 W",
    title: "intermediate that is no CA",
    break: (s) => void delete specOf(s, "Certificate", "root").isCA,
  },
  {
    rule: "W39 W",
    title: "longer than Vault's role allows",
    break: (s) => {
      specOf(s, "Certificate", "kiwi").duration = "2160h";
    },
  },
  {
    rule: "I1",
    title: "class of no controller",
    break: (s) => {
      specOf(s, "Ingress", "mango").ingressClassName = "ngnix";
    },
  },
  {
    rule: "I2",
    title: "no such Service",
    break: (s) => {
      ingressService(s).name = "mngo";
    },
  },
  {
    rule: "I2",
    title: "no such port",
    break: (s) => {
      ingressService(s).port = { number: 80 };
    },
  },
  {
    rule: "I3",
    title: "no such Secret",
    break: (s) => {
      specOf(s, "Ingress", "mango").tls = [{ hosts: ["kiwi.example.com"], secretName: "kiwi-tsl" }];
    },
  },
  {
    rule: "I4",
    title: "one path twice",
    more: PASSTHROUGH_INGRESS,
    known: knownSet({ ingressSslPassthrough: true }),
    break: (s) => {
      specOf(s, "Ingress", "pass").rules = [structuredClone(ingressRule(s))];
    },
  },
  {
    rule: "I5",
    title: "passthrough without the controller's flag",
    more: PASSTHROUGH_INGRESS,
    known: knownSet({ ingressSslPassthrough: true }),
    break: () => {},
    knownBroken: knownSet(),
  },
  {
    rule: "I6 W",
    title: "host that the certificate lacks",
    break: (s) => {
      specOf(s, "Ingress", "mango").tls = [{ hosts: ["kiwi.example.com", "plum.example.com"], secretName: "kiwi-tls" }];
    },
  },
  {
    rule: "SCHEMA",
    title: "misspelt field",
    break: (s) => {
      rule(s).timeout = { request: "1s" };
    },
  },
  {
    rule: "SCHEMA",
    title: "misspelt field deep in a pod",
    break: (s) => {
      first(pod(s, "mango").containers).imagePullPolcy = "Always";
    },
  },
  {
    rule: "SCHEMA",
    title: "number as text",
    break: (s) => {
      first(specOf(s, "Service", "kiwi").ports).nodePort = "30000";
    },
  },
  {
    rule: "SCHEMA",
    title: "word that is not allowed",
    break: (s) => {
      rule(s).matches = [{ method: "FETCH" }];
    },
  },
  {
    rule: "SCHEMA",
    title: "field that is missing",
    break: (s) => void delete specOf(s, "Certificate", "root").issuerRef,
  },
];

function gatewayWith(listeners: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: other, namespace: edge }\nspec: { gatewayClassName: nginx, listeners: [${listeners}] }`;
}

function wildCertificate(): string {
  return `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: wild, namespace: edge }\nspec: { secretName: wild-tls, dnsNames: ["*.example.com"], issuerRef: { name: ca } }`;
}

function setVault(field: string, value: unknown) {
  return (set: Sourced[]) => {
    fields(specOf(set, "ClusterIssuer", "vault").vault)[field] = value;
  };
}

function vaultLogin(over: object): Known {
  const login = vault.kubernetesAuth.kubernetes?.roles.kiwi;
  if (login === undefined) throw new Error("the example's Vault has no login kiwi");
  return knownSet({ vault: { ...vault, kubernetesAuth: { kubernetes: { roles: { kiwi: { ...login, ...over } } } } } });
}
