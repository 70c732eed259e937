import type { KubeObject, Sourced } from "../../lab/manifests/object.ts";
import { parseManifests } from "../../lab/manifests/parse.ts";

const parsed = new Map<string, Sourced[]>();

/** Objects from YAML text, copies of their own each time; a test's own YAML must be readable. */
export function objects(yaml: string): Sourced[] {
  let known = parsed.get(yaml);
  if (known === undefined) {
    const { objects, mistakes } = parseManifests(yaml, "example.yaml");
    if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
    known = objects;
    parsed.set(yaml, known);
  }
  return structuredClone(known);
}

/** A set of objects in which every wire holds: HTTP, HTTPS ended at the gateway, passthrough, an Ingress, two authorities. */
export function validSet(): Sourced[] {
  return objects(VALID);
}

/** The object of that kind and name, to be changed in place. */
export function find(set: readonly Sourced[], kind: string, name: string): KubeObject {
  const found = set.find(({ object }) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`the example has no ${kind} ${name}`);
  return found.object;
}

const VALID = `
apiVersion: v1
kind: Namespace
metadata: { name: edge }
---
apiVersion: v1
kind: Namespace
metadata: { name: fruit, labels: { routes: welcome } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: edge }
spec:
  gatewayClassName: nginx
  listeners:
    - name: http
      protocol: HTTP
      port: 80
      hostname: "*.example.com"
      allowedRoutes: { namespaces: { from: All } }
    - name: https
      protocol: HTTPS
      port: 443
      hostname: mango.example.com
      tls: { certificateRefs: [{ name: mango-tls }] }
      allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { routes: welcome } } } }
    - name: tls
      protocol: TLS
      port: 8443
      hostname: kiwi.example.com
      tls: { mode: Passthrough }
      allowedRoutes: { namespaces: { from: All }, kinds: [{ kind: TLSRoute }] }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: self, namespace: edge }
spec: { selfSigned: {} }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: root, namespace: edge }
spec: { isCA: true, commonName: root, secretName: root-ca, issuerRef: { name: self } }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: ca, namespace: edge }
spec: { ca: { secretName: root-ca } }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: mango, namespace: edge }
spec: { secretName: mango-tls, dnsNames: [mango.example.com], issuerRef: { name: ca } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: mango, namespace: fruit }
spec:
  parentRefs: [{ name: gate, namespace: edge, sectionName: https }]
  hostnames: [mango.example.com]
  rules:
    - matches: [{ path: { type: PathPrefix, value: /mango } }]
      backendRefs: [{ name: mango, port: 8000 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: redirect, namespace: fruit }
spec:
  parentRefs: [{ name: gate, namespace: edge, sectionName: http }]
  hostnames: [mango.example.com]
  rules:
    - filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 301 } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: { name: kiwi, namespace: fruit }
spec:
  parentRefs: [{ name: gate, namespace: edge, sectionName: tls }]
  hostnames: [kiwi.example.com]
  rules: [{ backendRefs: [{ name: kiwi, port: 443 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: mango, namespace: fruit }
spec: { selector: { app: mango }, ports: [{ name: http, port: 8000, targetPort: web }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: mango, namespace: fruit }
spec:
  selector: { matchLabels: { app: mango } }
  template:
    metadata: { labels: { app: mango } }
    spec:
      containers:
        - name: echo
          image: hashicorp/http-echo:1.0.0
          ports: [{ name: web, containerPort: 5678 }]
          env: [{ name: GREETING, valueFrom: { configMapKeyRef: { name: greeting, key: text } } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: greeting, namespace: fruit }
data: { text: juicy mango }
---
apiVersion: v1
kind: Service
metadata: { name: kiwi, namespace: fruit }
spec: { selector: { app: kiwi }, ports: [{ name: https, port: 443, targetPort: 443 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: kiwi, namespace: fruit }
spec:
  selector: { matchLabels: { app: kiwi } }
  template:
    metadata: { labels: { app: kiwi } }
    spec:
      containers:
        - { name: nginx, image: "nginx:1.29", ports: [{ containerPort: 443 }], volumeMounts: [{ name: tls, mountPath: /tls }] }
      volumes: [{ name: tls, secret: { secretName: kiwi-tls } }]
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: vault }
spec:
  vault:
    server: https://vault.vault.svc:8200
    path: pki_int/sign/example
    auth: { kubernetes: { role: kiwi, serviceAccountRef: { name: vault-login } } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: vault-login, namespace: cert-manager }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: vault-login, namespace: cert-manager }
rules: [{ apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [vault-login], verbs: [create] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: vault-login, namespace: cert-manager }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: vault-login }
subjects: [{ kind: ServiceAccount, name: cert-manager, namespace: cert-manager }]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: kiwi, namespace: fruit }
spec:
  secretName: kiwi-tls
  dnsNames: [kiwi.example.com]
  duration: 72h
  issuerRef: { kind: ClusterIssuer, name: vault }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: mango, namespace: fruit }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [kiwi.example.com], secretName: kiwi-tls }]
  rules:
    - host: kiwi.example.com
      http:
        paths:
          - { path: /mango, pathType: Prefix, backend: { service: { name: mango, port: { name: http } } } }
`;
