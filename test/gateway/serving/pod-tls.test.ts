import assert from "node:assert/strict";
import { ThrowAwayAuthority } from "../../../lab/gateway/certificates/throw-away.ts";
import { run } from "../run.ts";

const YAML = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: nginx }
spec:
  gatewayClassName: istio
  listeners: [{ name: tls, port: 443, protocol: TLS, hostname: nginx.example.com, tls: { mode: Passthrough } }, { name: http, port: 80, protocol: HTTP }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: { name: nginx, namespace: nginx }
spec: { parentRefs: [{ name: gw }], hostnames: [nginx.example.com], rules: [{ backendRefs: [{ name: my-nginx, port: 443 }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: clear, namespace: nginx }
spec: { parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: my-nginx, port: 443 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: my-nginx, namespace: nginx }
spec: { selector: { run: nginx }, ports: [{ port: 443, targetPort: 443 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: nginx, namespace: nginx }
spec:
  template:
    metadata: { labels: { run: nginx } }
    spec:
      containers: [{ name: nginx, image: "nginx:1.29", ports: [{ containerPort: 443 }] }]
      volumes: [{ name: certs, secret: { secretName: nginx-certs } }, { name: conf, configMap: { name: nginx-conf } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: nginx-conf, namespace: nginx }
data: { nginx.conf: "server {\\n  listen 443 ssl;\\n}\\n" }
`;

describe("an nginx pod that holds its own certificate", () => {
  it("shows it through passthrough, and refuses clear HTTP with nginx' own words", async () => {
    const authority = await ThrowAwayAuthority.create("Pod CA");
    const { chain, key } = await authority.issue(["nginx.example.com"]);
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/tls",
      metadata: { name: "nginx-certs", namespace: "nginx" },
      stringData: { "tls.crt": chain, "tls.key": key, "ca.crt": authority.certificatePem },
    };
    const running = await run(`${YAML}---\n${JSON.stringify(secret)}\n`);
    const passed = await running.ask("https://nginx.example.com/");
    const clear = await running.ask("http://any.example.com/");
    await running.close();
    assert.equal(passed.status, 200, passed.error);
    assert.equal(passed.chain?.at(-1)?.subject, "Pod CA");
    assert.match(passed.body, /Welcome to nginx!/);
    assert.equal(clear.status, 400);
    assert.match(clear.body, /The plain HTTP request was sent to HTTPS port/);
    const trace = running.traces[0];
    assert.equal(trace?.status, undefined);
    assert.equal(trace?.backend, "nginx/my-nginx");
  });
});
