import assert from "node:assert/strict";
import http from "node:http";
import net, { type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";
import fc from "fast-check";
import { type Run, run, service } from "../run.ts";

const YAML = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: infra }
spec:
  gatewayClassName: istio
  listeners:
  - { name: http, port: 80, protocol: HTTP }
  - { name: https, port: 443, protocol: HTTPS, hostname: a.example.com, tls: { certificateRefs: [{ name: tls }] } }
  - { name: pass, port: 443, protocol: TLS, hostname: p.example.com, tls: { mode: Passthrough } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: infra }
spec: { parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: one, port: 8080 }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: { name: t, namespace: infra }
spec: { parentRefs: [{ name: gw }], hostnames: [p.example.com], rules: [{ backendRefs: [{ name: one, port: 8080 }] }] }
${service("one")}`;

describe("a gateway under odd and many clients", () => {
  let running: Run;
  before(async () => {
    const limits = { firstBytes: 300, headers: 300, handshake: 300, headerBytes: 16 * 1024 };
    running = await run(YAML, { limits });
  });
  after(() => running.close());

  const portOf = (port: number) => running.gateway.ports.find((p) => p.port === port)?.local?.port ?? 0;
  const connect = (port: number): Socket => net.connect(portOf(port), "127.0.0.1");

  /** Everything a connection receives until it is closed, however it is closed. */
  function received(socket: net.Socket): Promise<string> {
    return new Promise((resolve) => {
      let text = "";
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(text));
    });
  }

  async function noConnectionIsLeft(): Promise<void> {
    for (let i = 0; i < 100 && running.gateway.connections() > 0; i += 1) await sleep(20);
    assert.equal(running.gateway.connections(), 0);
  }

  it("answers 200 concurrent connections, clear, TLS and passed through, and keeps none", async () => {
    const busy = await run(YAML);
    const urls = ["http://a.example.com/", "https://a.example.com/", "https://p.example.com/"];
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => busy.ask(urls[i % urls.length] ?? "")));
    assert.deepEqual(new Set(answers.map(({ status, error }) => error ?? status)), new Set([200]));
    for (let i = 0; i < 100 && busy.gateway.connections() > 0; i += 1) await sleep(20);
    assert.equal(busy.gateway.connections(), 0);
    await busy.close();
  });

  it("closes a connection that says nothing", async () => {
    assert.equal(await received(connect(80)), "");
    assert.equal(await received(connect(443)), "");
    await noConnectionIsLeft();
  });

  it("answers 408 to headers that never end, and closes a ClientHello that never ends", async () => {
    const slow = connect(80);
    slow.write("GET / HTTP/1.1\r\nHost: a.example.com\r\nX-Slow: ");
    const drip = setInterval(() => slow.write("x"), 50);
    const text = await received(slow);
    clearInterval(drip);
    assert.match(text, /^HTTP\/1\.1 408 /);
    const hello = connect(443);
    hello.write(Buffer.from([0x16, 3, 1, 2, 0, 1]));
    assert.equal(await received(hello), "");
    await noConnectionIsLeft();
  });

  it("answers 431 to oversized headers", async () => {
    const socket = connect(80);
    socket.write(`GET / HTTP/1.1\r\nHost: a.example.com\r\nX-Big: ${"x".repeat(20_000)}\r\n\r\n`);
    assert.match(await received(socket), /^HTTP\/1\.1 431 /);
    const over2 = await running.ask("https://a.example.com/", { http: "2", headers: { "x-big": "x".repeat(20_000) } });
    assert.ok(over2.status === 431 || over2.status === 0, String(over2.status));
    await noConnectionIsLeft();
  });

  it("lets go of clients that close their own side: at once, or with a request half said", async () => {
    for (const said of ["", "GET /half HTTP/1.1\r\nHost: a.exam"]) {
      const [clear, secure] = [connect(80), connect(443)];
      clear.end(said);
      secure.end(said);
      await Promise.all([received(clear), received(secure)]);
    }
    await noConnectionIsLeft();
  });

  it("answers 400 to what is not HTTP, and resets what is not TLS", async () => {
    const garbage = connect(80);
    garbage.write("\x00\x01 hello\r\n\r\n");
    assert.match(await received(garbage), /^HTTP\/1\.1 400 /);
    const clear = connect(443);
    clear.write("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
    assert.equal(await received(clear), "");
    await noConnectionIsLeft();
  });

  it("survives clients that vanish in the middle of an answer or a handshake", async () => {
    for (let i = 0; i < 20; i += 1) {
      const socket = connect(i % 2 === 0 ? 80 : 443);
      socket.on("error", () => {});
      if (i % 2 === 0) socket.write("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
      else socket.write(Buffer.from([0x16, 3, 1, 0, 200]));
      setTimeout(() => socket.resetAndDestroy(), i % 5);
    }
    await sleep(50);
    await noConnectionIsLeft();
    assert.equal((await running.ask("https://a.example.com/")).status, 200);
  });

  it("survives any bytes in place of a ClientHello, whole ones with changed bytes included", async () => {
    const hello = await clientHello("a.example.com");
    const changed = fc
      .array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const bytes = Buffer.from(hello);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    const truncated = fc.nat(hello.length).map((length) => hello.subarray(0, length));
    const anything = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from([0x16, 3, 1, ...bytes]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, truncated, anything), async (bytes) => {
        const socket = connect(443);
        const done = received(socket);
        socket.write(bytes);
        socket.end();
        await done;
      }),
      { numRuns: 60 },
    );
    assert.equal((await running.ask("https://a.example.com/")).status, 200);
    await noConnectionIsLeft();
  });

  it("forwards the Host unmodified, and many requests over one connection", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const bodies: string[] = [];
    for (let i = 0; i < 5; i += 1) bodies.push(await get(agent, portOf(80), `/n${i}`, "A.example.com:8080"));
    agent.destroy();
    for (const [i, body] of bodies.entries()) {
      assert.match(body, new RegExp(`GET /n${i} HTTP`));
      assert.match(body, /^host: A\.example\.com:8080$/m);
    }
  });
});

function get(agent: http.Agent, port: number, path: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const req = http.get({ agent, port, host: "127.0.0.1", path, headers: { host } }, (res) => {
      let body = "";
      res.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      res.on("end", () => resolve(body));
    });
    req.on("error", reject);
  });
}

/** The first bytes that Node's TLS client sends. */
function clientHello(servername: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => {
      socket.once("data", (bytes: Buffer) => {
        resolve(bytes);
        socket.destroy();
        server.close();
      });
    });
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      tls.connect({ port, host: "127.0.0.1", servername }).on("error", () => {});
    });
  });
}
