import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { execa } from "execa";
import { serveCommand } from "../../lab/gateway/command.ts";
import { portOwner } from "../../lab/gateway/serving/port-owner.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";
import { service } from "./run.ts";

const MANIFESTS = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: infra }
spec:
  gatewayClassName: istio
  listeners:
  - { name: http, port: 80, protocol: HTTP }
  - { name: https, port: 443, protocol: HTTPS, hostname: a.example.com, tls: { certificateRefs: [{ name: tls }] } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: infra }
spec:
  parentRefs: [{ name: gw }]
  rules:
  - matches: [{ path: { value: /there } }]
    filters: [{ type: RequestRedirect, requestRedirect: { path: { type: ReplaceFullPath, replaceFullPath: /back } } }]
  - matches: [{ path: { value: /back } }]
    filters: [{ type: RequestRedirect, requestRedirect: { path: { type: ReplaceFullPath, replaceFullPath: /there } } }]
  - backendRefs: [{ name: one, port: 8080 }]
${service("one")}`;

/** Runs the command in this process; bad input is told as the program tells it. */
async function cli(args: string[], input = "") {
  const printed = { stdout: "", stderr: "" };
  const exitCode = await serveCommand(args, {
    stdin: Readable.from([input]),
    isTerminal: false,
    out: (text) => {
      printed.stdout += text;
    },
    say: (message) => {
      printed.stderr += `${message}\n`;
    },
    interrupted: () => Promise.resolve(),
  }).catch((error: unknown) => {
    if (!(error instanceof VisibleError)) throw error;
    printed.stderr += error.message;
    return error.exitCode;
  });
  return { ...printed, exitCode };
}

describe("npm run serve", () => {
  let folder: string;
  let manifests: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "serve-"));
    manifests = join(folder, "manifests.yaml");
    await writeFile(manifests, MANIFESTS);
  });
  after(() => rm(folder, { recursive: true }));

  async function requests(value: unknown): Promise<string> {
    const file = join(folder, "requests.json");
    await writeFile(file, typeof value === "string" ? value : JSON.stringify(value));
    return file;
  }

  it("names the annotations of ingress-nginx that it does not play, and says what is answered instead", async () => {
    const annotated = (name: string, annotations: string, className = "nginx") => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: infra, annotations: { ${annotations} } }
spec: { ingressClassName: ${className}, rules: [{ host: a.com }] }
`;
    const nginx = "nginx.ingress.kubernetes.io";
    const input = [
      annotated("guarded", `${nginx}/auth-url: "http://a", ${nginx}/auth-signin: "http://b", ${nginx}/limit-rps: "5"`),
      annotated("played", `${nginx}/enable-cors: "true", ${nginx}/cors-max-age: "1", ${nginx}/canary: "true", a/b: c`),
      annotated("foreign", `${nginx}/auth-url: "http://a"`, "other"),
      "---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: other }\nspec: { controller: a/b }\n",
    ].join("");
    const { stderr } = await cli(["-f", "-", "--probe", await requests([])], input);
    assert.deepEqual(stderr.trim().split("\n"), [
      `Ingress infra/guarded: ${nginx}/{auth-url, auth-signin} not played: its paths are answered 500, as nobody is asked who they are`,
      `Ingress infra/guarded: ${nginx}/{limit-rps} not played: answers are as if they were not there`,
    ]);
  });

  it("answers the requests in their order, as JSON, and is content when expectations are met", async () => {
    const file = await requests([
      { scheme: "https", port: 443, host: "a.example.com", path: "/x", expect: { status: 200, backend: "infra/one" } },
      { scheme: "http", port: 80, host: "any.com", path: "/y?z=1" },
      { scheme: "https", port: 443, host: "b.example.com", path: "/", expect: { status: 0 } },
      { scheme: "http", port: 8000, host: "a", path: "/" },
    ]);
    const { stdout, stderr, exitCode } = await cli(["-f", "-", "--probe", file, "--json"], MANIFESTS);
    const answers = JSON.parse(stdout) as Record<string, unknown>[];
    assert.deepEqual(
      answers.map(({ status, backend, path }) => ({ status, backend, path })),
      [
        { status: 200, backend: "infra/one", path: "/x" },
        { status: 200, backend: "infra/one", path: "/y?z=1" },
        { status: 0, backend: null, path: null },
        { status: 0, backend: null, path: null },
      ],
    );
    assert.match(String(answers[1]?.body), /^infra\/one\nGET \/y\?z=1 HTTP\/1\.1\n/);
    assert.match(String(answers[2]?.error), /connection reset/);
    assert.match(String(answers[3]?.error), /no listener has port 8000; there are ports 80, 443/);
    assert.match(stderr, /Secret infra\/tls is not in the manifests: issued by a throw-away CA/);
    assert.equal(exitCode, 0);
  });

  it("exits with 1 when an answer differs from what was expected, and says how", async () => {
    const file = await requests([
      { scheme: "http", port: 80, host: "a.com", path: "/", expect: { status: 404, path: "/other" } },
    ]);
    const { stdout, exitCode } = await cli(["-f", manifests, "--probe", file, "--json"]);
    const [answer] = JSON.parse(stdout) as { differences: unknown }[];
    assert.deepEqual(answer?.differences, [
      { field: "status", expected: "404", got: "200" },
      { field: "path", expected: '"/other"', got: '"/"' },
    ]);
    assert.equal(exitCode, 1);
  });

  it("exits with 2 and one message on bad requests, with every mistake", async () => {
    const file = await requests([{ scheme: "ftp", port: 70_000, host: "a", path: "x", expect: { stauts: 1 } }]);
    const { stderr, exitCode } = await cli(["-f", manifests, "--probe", file]);
    for (const place of ["[0].scheme", "[0].port", "[0].path", "[0].expect"]) assert.ok(stderr.includes(place));
    assert.doesNotMatch(stderr, /at .*\.ts:/);
    assert.equal(exitCode, 2);
  });

  it("exits with 2 on circular redirects, with the circle", async () => {
    const file = await requests([{ scheme: "http", port: 80, host: "a.com", path: "/there", follow: true }]);
    const { stderr, exitCode } = await cli(["-f", manifests, "--probe", file]);
    assert.match(stderr, /circular redirects: http:\/\/a\.com\/there → http:\/\/a\.com\/back → http:\/\/a\.com\/there/);
    assert.equal(exitCode, 2);
  });

  it("serves until it is interrupted: says where, how to ask with curl, and what became of each request", async function () {
    this.timeout(60_000);
    const running = execa(process.execPath, ["--import", "tsx/esm", "lab/gateway/cli.ts", "-f", manifests], {
      reject: false,
    });
    let said = "";
    running.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until(() => said.includes("Ctrl-C ends it."));
    const [, address, port] =
      /curl --connect-to any\.example\.com:80:([\d.]+):(\d+) http:\/\/any\.example\.com\//.exec(said) ?? [];
    assert.ok(address !== undefined && port !== undefined, said);
    assert.match(
      said,
      /curl --cacert \S+ --connect-to a\.example\.com:443:127\.0\.0\.1:\d+ https:\/\/a\.example\.com\//,
    );
    await fetch(`http://${address}:${port}/asked`, { redirect: "manual" }).then((answer) => answer.text());
    await until(() => said.includes("/asked → 200 infra/one"));
    const started = performance.now();
    running.kill("SIGINT");
    assert.equal((await running).exitCode, 0);
    assert.ok(performance.now() - started < 2000);
  });
});

describe("a port in use", () => {
  it("is told with its owner where that can be found", async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    const owner = await portOwner(port);
    server.close();
    if (process.platform === "linux") assert.match(owner ?? "", new RegExp(`, process ${process.pid}$`));
    else assert.ok(owner === undefined || owner.includes(String(process.pid)));
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(holds(), "waited in vain");
}
