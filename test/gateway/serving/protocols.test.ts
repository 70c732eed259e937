import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import http2 from "node:http2";
import net, { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { BackendAddress, Backends } from "../../../lab/gateway/backends/backends.ts";
import { type Run, run, service } from "../run.ts";

const YAML = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: infra }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }, { name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: t }] } }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: infra }
spec:
  parentRefs: [{ name: gw }]
  rules:
  - { matches: [{ path: { value: /slow } }], timeouts: { request: 100ms }, backendRefs: [{ name: one, port: 8080 }] }
  - { matches: [{ path: { value: /patient } }], timeouts: { request: 0s }, backendRefs: [{ name: one, port: 8080 }] }
  - backendRefs: [{ name: one, port: 8080 }]
${service("one")}`;

/** A backend of the test's own. */
class OwnBackend implements Backends {
  readonly server: http.Server;
  readonly address: BackendAddress;

  private constructor(server: http.Server) {
    this.server = server;
    this.address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  }

  static async start(handler: (req: IncomingMessage, res: ServerResponse) => void): Promise<OwnBackend> {
    const server = http.createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new OwnBackend(server);
  }

  http(): BackendAddress {
    return this.address;
  }

  async tcp(): Promise<BackendAddress> {
    return this.address;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function localPort(running: Run, port: number): number {
  return running.gateway.ports.find((p) => p.port === port)?.local?.port ?? 0;
}

describe("what passes through a gateway", () => {
  it("a WebSocket: the handshake and frames both ways", async () => {
    const running = await run(YAML);
    const key = Buffer.from("0123456789abcdef").toString("base64");
    const socket = net.connect(localPort(running, 80), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    while (!text.includes("\r\n\r\n")) await sleep(5);
    assert.match(text, /^HTTP\/1\.1 101 /);
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    assert.ok(text.includes(accept));
    text = "";
    // "hi", masked with zeros.
    socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
    while (text.length < 4) await sleep(5);
    assert.equal(text, "\x81\x02hi");
    socket.destroy();
    await running.close();
    assert.equal(running.traces[0]?.status, 101);
  });

  it("an upgrade to h2c is declined, and the request answered", async () => {
    const running = await run(YAML);
    const headers = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAAP__" };
    const answer = await running.ask("http://a.com/x", { headers });
    await running.close();
    assert.equal(answer.status, 200);
  });

  it("HTTP/2 without TLS, by its preface", async () => {
    const running = await run(YAML);
    const session = http2.connect(`http://127.0.0.1:${localPort(running, 80)}`);
    const stream = session.request({ ":path": "/over-h2c", ":authority": "a.com" });
    let body = "";
    for await (const chunk of stream) body += String(chunk);
    session.close();
    await running.close();
    assert.match(body, /GET \/over-h2c /);
    assert.equal(running.traces[0]?.httpVersion, "2.0");
  });

  it("an answer as it comes, piece by piece, and a request body too", async () => {
    const backend = await OwnBackend.start((req, res) => {
      res.write("first");
      req.on("data", (chunk: Buffer) => res.write(chunk));
      req.on("end", () => res.end("last"));
    });
    const running = await run(YAML, { backends: backend });
    const pieces: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const port = localPort(running, 80);
      const req = http.request(
        { port, host: "127.0.0.1", method: "POST", path: "/", headers: { host: "a" } },
        (res) => {
          res.on("data", (chunk: Buffer) => {
            pieces.push(String(chunk));
            if (pieces.length === 1) req.end("middle");
          });
          res.on("end", resolve);
        },
      );
      req.on("error", reject);
      req.flushHeaders();
    });
    await running.close();
    assert.deepEqual([pieces[0], pieces.slice(1).join("")], ["first", "middlelast"]);
  });

  it("a large request body, to a backend's stand-in", async () => {
    const running = await run(YAML);
    const answer = await running.ask("http://a.com/", { method: "POST", body: "x".repeat(2_000_000) });
    await running.close();
    assert.deepEqual([answer.status, answer.backend], [200, "infra/one"]);
  });

  it("a timeout of the rule ends in 504, and 0s is none (HTTPRouteTimeouts)", async () => {
    const backend = await OwnBackend.start((_, res) => void setTimeout(() => res.end("late"), 250));
    const running = await run(YAML, { backends: backend });
    const slow = await running.ask("http://a.com/slow");
    const slowOver2 = await running.ask("https://a.com/slow", { http: "2" });
    const patient = await running.ask("http://a.com/patient");
    await running.close();
    assert.deepEqual([slow.status, slowOver2.status, patient.status], [504, 504, 200]);
  });

  it("a backend that is gone ends in 503, one that breaks off in a broken answer", async () => {
    const backend = await OwnBackend.start((_, res) => {
      res.writeHead(200, { "content-length": "100" });
      res.write("some");
      setTimeout(() => res.destroy(), 10);
    });
    const running = await run(YAML, { backends: backend });
    const broken = await running.ask("http://a.com/");
    assert.equal(broken.status, 0);
    await backend.close();
    const gone = await running.ask("http://a.com/");
    await running.close();
    assert.equal(gone.status, 503);
  });

  it("a request target in absolute form, whose host counts", async () => {
    const running = await run(YAML);
    const answer = await running.ask("http://a.com/", { path: "http://b.com/absolute?x=1" });
    await running.close();
    assert.equal(answer.path, "/absolute?x=1");
    assert.equal(running.traces[0]?.host, "b.com");
  });

  it("a POST that the gateway answers itself leaves no broken connection", async () => {
    const running = await run(
      YAML.replace("- backendRefs", "- matches: [{ path: { value: /only } }]\n    backendRefs"),
    );
    const answer = await running.ask("http://a.com/none", { method: "POST", body: "x".repeat(100_000) });
    await running.close();
    assert.equal(answer.status, 404);
  });
});

describe("traces", () => {
  it("name listener, route, rule, match and backend, or say why there is none", async () => {
    const running = await run(YAML);
    await running.ask("http://a.com/patient?x=1");
    await running.ask("http://a.com/", { headers: { host: "" } }).catch(() => undefined);
    await running.close();
    const [first] = running.traces;
    assert.equal(first?.listener, "http");
    assert.deepEqual(first?.rule?.route, { kind: "HTTPRoute", namespace: "infra", name: "r" });
    assert.equal(first?.rule?.ruleIndex, 1);
    assert.equal(first?.rule?.match, "PathPrefix /patient");
    assert.equal(first?.backend, "infra/one");
    assert.equal(first?.backendUrl, "/patient?x=1");
    assert.equal(first?.status, 200);
  });
});
