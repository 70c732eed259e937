import assert from "node:assert/strict";
import type { AnswerConfig } from "../../config/schema.ts";
import { CertManager } from "../../lab/issuing/cert-manager.ts";
import { IssuedCertificates } from "../../lab/issuing/certificate-store.ts";
import { decideClaim, type Evidence } from "../../lab/rehearsal/answers/claims.ts";
import { promisedRequests } from "../../lab/rehearsal/answers/requests.ts";
import { prepare, run } from "../../lab/rehearsal/prepare.ts";
import { stage } from "../../lab/rehearsal/rehearsal.ts";
import { topologyOf } from "../../lab/stack/topology.ts";

/** What claims of a stack are decided from, optionally after a change to its configuration. */
async function evidenceOf(stack: string, change: Record<string, unknown> = {}): Promise<Evidence> {
  const prepared = await prepare(stack);
  const texts = Object.entries(change).map(([key, value]) => [key, JSON.stringify(value)]);
  const values = { ...prepared.config.values, ...Object.fromEntries(texts) };
  const rehearsed = await run({ ...prepared, config: { ...prepared.config, values } }, { run: "here" });
  const topology = topologyOf(rehearsed);
  const certificates = new IssuedCertificates(new CertManager(topology, rehearsed.vault));
  return { topology, registrations: rehearsed.registrations, certificates, vault: rehearsed.vault };
}

const decide = (claim: Partial<AnswerConfig>, evidence: Evidence) => decideClaim({ app: "", claim }, evidence);

describe("answers that are no requests", function () {
  this.timeout(60_000);

  it("predict etcd's prefix from the encryption that the stack configures, and from its absence", async () => {
    const claim = { etcd: "/registry/secrets/default/a-secret", startsWith: "k8s:enc:secretbox:v1:key1:" };
    const right = await decide(claim, await evidenceOf("learn-06"));
    assert.deepEqual([right.ok, right.decidedBy], [true, "predicted"]);
    const renamed = await evidenceOf("learn-06", { "learn:encryption": { provider: "aescbc", key: "key2" } });
    const other = await decide(claim, renamed);
    assert.deepEqual([other.ok, other.got], [false, "begins with k8s:enc:aescbc:v1:key2:"]);
    const configMaps = { "learn:encryption": { resources: ["configmaps"] } };
    assert.equal((await decide(claim, await evidenceOf("learn-06", configMaps))).got, "begins with k8s\\x00");
    const missing = await decide({ ...claim, etcd: "/registry/secrets/default/other" }, await evidenceOf("learn-06"));
    assert.deepEqual([missing.ok, missing.got], [false, "no Secret default/other is registered"]);
  });

  it("read Secrets back as registered", async () => {
    const evidence = await evidenceOf("learn-06");
    assert.equal((await decide({ secret: "default/a-secret", key: "key1", value: "supersecret" }, evidence)).ok, true);
    const wrong = await decide({ secret: "default/a-secret", key: "key1", value: "other" }, evidence);
    assert.deepEqual([wrong.ok, wrong.got], [false, "supersecret"]);
    assert.equal((await decide({ secret: "default/a-secret", key: "key9" }, evidence)).got, "no key key9");
    assert.equal((await decide({ secret: "default/x", key: "k" }, evidence)).got, "no such Secret is registered");
  });

  it("look at certificates as issued, and at what is written into Vault", async () => {
    const evidence = await evidenceOf("learn-05");
    const certificate = { certificate: "default/example-cluster-local-tls" };
    assert.equal((await decide({ ...certificate, issuedBy: "example.com" }, evidence)).ok, true);
    const wrong = await decide({ ...certificate, issuedBy: "somebody else" }, evidence);
    assert.deepEqual([wrong.ok, wrong.got], [false, "issued by example.com"]);
    assert.equal((await decide({ vault: "secret/test/apitest", fields: ["username"] }, evidence)).ok, true);
    assert.equal((await decide({ vault: "secret/test/apitest", fields: ["pin"] }, evidence)).ok, false);
    assert.equal((await decide({ vault: "secret/nothing" }, evidence)).got, "no such secret is written");
  });

  it("tell Vault's refusal when a role does not allow the names", async () => {
    const evidence = await evidenceOf("learn-05", {
      "learn:issuers": {
        "smoke-issuer": { namespace: "default", vault: { mount: "pki", allowedDomains: ["other.local"] } },
        "mango-issuer": { namespace: "mango", vault: { mount: "pki_int", allowedDomains: ["example.com"] } },
        "nginx-issuer": { namespace: "nginx", vault: { mount: "pki_int", allowedDomains: ["example.com"] } },
      },
    }).catch((error: Error) => error);
    // The configuration's own rules may refuse it first, which is as good.
    if (evidence instanceof Error) return assert.match(evidence.message, /cluster\.local/);
    const { ok, got } = await decide({ certificate: "default/example-cluster-local-tls" }, evidence);
    assert.equal(ok, false);
    assert.match(got, /common name example\.cluster\.local not allowed by this role$/);
  });
});

describe("answers that are requests", function () {
  this.timeout(60_000);

  it("go through the Gateway of the application, or to the port that would be forwarded", () => {
    const endpoint = {
      url: "http://localhost:8090/apple",
      gateway: "apple/edge",
      app: "apple",
      expect: { body: "hi" },
    };
    const [forwarded] = promisedRequests({ endpoints: [{ ...endpoint, portForward: { port: 80, localPort: 8090 } }] });
    assert.deepEqual(forwarded, {
      app: "apple",
      request: {
        scheme: "http",
        port: 80,
        host: "localhost:8090",
        path: "/apple",
        gateway: "apple/edge",
        expect: { status: 200, body: "hi" },
      },
    });
    const [ingress] = promisedRequests({
      endpoints: [{ url: "https://a.b/?q=1", expect: { redirectTo: "https://c" } }],
    });
    assert.deepEqual(ingress?.request, {
      scheme: "https",
      port: 443,
      host: "a.b",
      path: "/?q=1",
      gateway: "ingress",
      expect: { redirectTo: "https://c" },
    });
  });

  it("that differ are told with what was expected and what came", async () => {
    const prepared = await prepare("learn-03-03");
    const rehearsed = await run(prepared, { run: "here" });
    const endpoints = [
      { url: "http://mango.example.com/mango", gateway: "mango/mango-gateway", expect: { body: "sour mango" } },
      { url: "https://mango.example.com/mango", gateway: "mango/mango-gateway", expect: { refused: true } },
      { url: "http://other.example.com/mango", gateway: "mango/mango-gateway", expect: {} },
    ];
    const { outcomes, gateway } = await stage(
      { ...rehearsed, outputs: { endpoints } },
      { ...prepared.prototype, apps: {}, answers: [] },
      { directory: "out" },
    );
    await gateway.close();
    assert.deepEqual(
      outcomes.map(({ ok, expected, got }) => [ok, expected, got]),
      [
        [false, "sour mango", 'body: "juicy mango"'],
        [false, "refused", 'refused: "status 200"'],
        [false, "200", "status: 404"],
      ],
    );
  });
});
