import assert from "node:assert/strict";
import { ThrowAwayAuthority } from "../../../lab/gateway/certificates/throw-away.ts";
import { probe } from "../../../lab/probe/probe.ts";
import { requestFor, run, service } from "../run.ts";

const GATEWAY = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: infra }
spec:
  gatewayClassName: istio
  listeners:
  - { name: https, port: 443, protocol: HTTPS, hostname: "*.example.com", tls: { certificateRefs: [{ name: tls }] } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: infra }
spec: { parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: one, port: 8080 }] }] }
${service("one")}`;

function secret(data: Record<string, string>, field = "stringData"): string {
  const object = {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: "tls", namespace: "infra" },
    [field]: data,
  };
  return `---\n${JSON.stringify(object)}\n`;
}

describe("the certificate of an HTTPS listener", () => {
  it("is the one in the Secret's stringData, verified against its ca.crt", async () => {
    const authority = await ThrowAwayAuthority.create("Test CA");
    const { chain, key } = await authority.issue(["a.example.com"]);
    const data = { "tls.crt": chain, "tls.key": key, "ca.crt": authority.certificatePem };
    const running = await run(GATEWAY + secret(data));
    const answer = await running.ask("https://a.example.com/");
    await running.close();
    assert.equal(answer.status, 200, answer.error);
    assert.deepEqual(
      answer.chain?.map(({ subject }) => subject),
      ["a.example.com", "Test CA"],
    );
  });

  it("is the one in the Secret's data, base64", async () => {
    const authority = await ThrowAwayAuthority.create("Test CA");
    const { chain, key } = await authority.issue(["a.example.com"]);
    const data = { "tls.crt": chain, "tls.key": key, "ca.crt": authority.certificatePem };
    const encoded = Object.entries(data).map(([name, text]) => [name, Buffer.from(text).toString("base64")]);
    const running = await run(GATEWAY + secret(Object.fromEntries(encoded), "data"));
    const answer = await running.ask("https://a.example.com/");
    await running.close();
    assert.equal(answer.status, 200, answer.error);
  });

  it("that has expired is refused by the client, with the reason", async () => {
    const authority = await ThrowAwayAuthority.create();
    const { chain, key } = await authority.issue(["a.example.com"], -1000);
    const data = { "tls.crt": chain, "tls.key": key, "ca.crt": authority.certificatePem };
    const running = await run(GATEWAY + secret(data));
    const answer = await running.ask("https://a.example.com/");
    await running.close();
    assert.equal(answer.status, 0);
    assert.match(answer.error ?? "", /the certificate has expired/);
  });

  it("for another name is refused by the client, with both names", async () => {
    const authority = await ThrowAwayAuthority.create();
    const { chain, key } = await authority.issue(["other.example.com"]);
    const data = { "tls.crt": chain, "tls.key": key, "ca.crt": authority.certificatePem };
    const running = await run(GATEWAY + secret(data));
    const answer = await running.ask("https://a.example.com/");
    await running.close();
    assert.equal(answer.status, 0);
    assert.equal(answer.error, "the certificate is for other.example.com, not for a.example.com");
  });

  it("of an authority that the client does not trust is refused by it", async () => {
    const running = await run(GATEWAY);
    const { local } = running.gateway.ports[0] ?? {};
    assert.ok(local);
    const stranger = await ThrowAwayAuthority.create("Stranger");
    const answer = await probe(requestFor("https://a.example.com/"), { ...local, trusted: stranger.trusted() });
    await running.close();
    assert.equal(answer.status, 0);
    assert.match(answer.error ?? "", /authority is not (known|trusted)/);
  });

  it("is issued by the throw-away authority when the Secret is missing, once for a name, with that name", async () => {
    const running = await run(GATEWAY);
    const first = await running.ask("https://a.example.com/");
    const again = await running.ask("https://a.example.com/");
    const deep = await running.ask("https://deep.a.example.com/");
    await running.close();
    assert.deepEqual([first.status, again.status, deep.status], [200, 200, 200]);
    assert.equal(first.chain?.[0]?.serialNumber, again.chain?.[0]?.serialNumber);
    assert.equal(first.chain?.at(-1)?.subject, "Throw-away CA");
  });

  it("has the names of the Certificate that fills the Secret, and no others", async () => {
    const certificate = `---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: tls, namespace: infra }
spec: { secretName: tls, dnsNames: [a.example.com], issuerRef: { name: i } }
`;
    const running = await run(GATEWAY + certificate);
    const good = await running.ask("https://a.example.com/");
    const bad = await running.ask("https://b.example.com/");
    await running.close();
    assert.equal(good.status, 200, good.error);
    assert.equal(bad.error, "the certificate is for a.example.com, not for b.example.com");
  });

  const authorities = () => Promise.all([ThrowAwayAuthority.create(), ThrowAwayAuthority.create()]);
  for (const [what, data, why] of [
    ["a tls.crt that is no PEM", { "tls.crt": "x", "tls.key": "y" }, /tls\.crt of Secret infra\/tls is not a PEM/],
    ["a key that is no PEM", { "tls.key": "y" }, /tls\.key of Secret infra\/tls is not a PEM private key/],
    ["a key of another certificate", {}, /tls\.key of Secret infra\/tls is not the key of its tls\.crt/],
  ] as const) {
    it(`with ${what} makes the listener refuse, and says so in one line`, async () => {
      const [a, b] = await authorities();
      const mixed = { "tls.crt": (await a.issue(["a"])).chain, "tls.key": (await b.issue(["a"])).key, ...data };
      const running = await run(GATEWAY + secret(mixed));
      const answer = await running.ask("https://a.example.com/");
      await running.close();
      assert.equal(answer.status, 0);
      assert.match(running.gateway.ports[0]?.refused[0]?.why ?? "", why);
      assert.match(answer.error ?? "", why);
    });
  }
});
