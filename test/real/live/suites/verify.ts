import assert from "node:assert/strict";
import type { Result } from "../../../../lab/verify/result.ts";
import { eventually } from "../../lab/wait.ts";
import { Changes } from "../changes.ts";
import { endpoints, reason } from "../disease.ts";
import type { LiveLab } from "../live-lab.ts";
import { gateway, secret, service, withSpec } from "../objects.ts";

/** What no part of this lab has: without a node there is no ztunnel, and Vault has a part of its own. */
const ABSENT: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  "learn-03-07": Object.fromEntries(
    ["apple", "book", "mango", "nginx"].map((namespace) => [
      `mTLS to the pods of ${namespace}`,
      /^no ztunnel runs in istio-system$/,
    ]),
  ),
  "learn-05": {
    "mTLS to the pods of mango": /^no ztunnel runs in istio-system$/,
    "mTLS to the pods of nginx": /^no ztunnel runs in istio-system$/,
    "Vault server vault-0": /pods "vault-0" not found/,
    "Vault server vault-1": /pods "vault-1" not found/,
    "Vault server vault-2": /pods "vault-2" not found/,
    "Vault secret/test/apitest": /pods "vault-0" not found/,
  },
};

/** verify on a stack that is up, at the addresses that MetalLB gave, through istiod's Envoys. */
export function verifySuite(lab: LiveLab): void {
  const { stack } = lab;
  const absent = ABSENT[stack] ?? {};
  let changes: Changes;

  beforeEach(() => {
    changes = new Changes(lab.client);
  });
  afterEach(() => changes.undo());

  it("keeps every promise that this lab can show, and calls the others not kept", async () => {
    const results = await eventually("every answer", 30, async () => {
      const all = await lab.verify();
      const wrong = all.filter(({ ok, asked }) => !ok && absent[asked] === undefined);
      if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
      return all;
    });
    const answers = results.filter(({ asked }) => asked.startsWith("GET "));
    assert.ok(answers.length >= 5);
    for (const { asked, how } of answers) assert.match(how, /^192\.168\.49\.\d+:\d+, reached directly/, asked);
    for (const [asked, got] of Object.entries(absent)) {
      const result = find(results, asked);
      assert.equal(result.ok, false, asked);
      assert.match(result.got, got, asked);
    }
  });

  it("prints them as a table, with exit code 1 for what is not kept", async () => {
    const { code, stdout, stderr } = await lab.command("verify", stack, "--wait", "0");
    assert.equal(code, 1, stderr);
    assert.match(stdout, /✓ {2}GET https:\/\/mango\.example\.com\/mango +200, juicy mango +200/);
    assert.match(stdout, /✗ {2}mTLS to the pods of mango +HBONE for every pod +no ztunnel runs in istio-system/);
    const count = Object.keys(absent).length;
    assert.match(stdout, new RegExp(`${stack}: ${count} of \\d+ promises not kept; .npm run doctor -- ${stack}.`));
    assert.doesNotMatch(stdout + stderr, /\n {4}at /);
  });

  it("shows the chain of each certificate that it has verified", async () => {
    const results = await lab.verify();
    const https = find(results, "GET https://mango.example.com/mango");
    const signer = stack === "learn-05" ? "example\\.com Intermediate Authority" : "example\\.com";
    assert.match(https.how, new RegExp(`certificate mango\\.example\\.com signed by ${signer}, until `));
  });

  it("tells of a Service without pods, and of nothing else", async () => {
    await changes.change(service("mango", "mango-svc"), withSpec({ selector: { app: "mangoo" } }));
    await eventually("no endpoints", 20, () => endpoints("mango", "mango-svc", 0)(lab));
    await broken({
      "GET https://mango.example.com/mango": /^status: 503/,
      "GET http://mango.example.com/mango": /^status: 503/,
    });
  });

  it("tells of a listener whose Secret is gone, and of nothing else", async () => {
    await changes.remove(secret("mango", "mango-https-tls"));
    await eventually("istiod to say so", 20, () =>
      reason(gateway("mango", "mango-gateway"), "InvalidCertificateRef")(lab),
    );
    // nothing listens at the port any more: what is to be refused there is refused
    await broken({
      "GET https://mango.example.com/mango": /refused/,
      ...(stack === "learn-05" ? { "GET https://mango.example.com/elsewhere": /refused/ } : {}),
    });
  });

  it("looks again until what is coming has come", async () => {
    await changes.change(service("mango", "mango-svc"), withSpec({ selector: { app: "mangoo" } }));
    await eventually("no endpoints", 20, () => endpoints("mango", "mango-svc", 0)(lab));
    const waiting = lab.verify(4);
    await changes.undo();
    const results = await waiting;
    assert.equal(find(results, "GET https://mango.example.com/mango").ok, true);
  });

  /** Waits until exactly these answers are wrong, besides what is absent, each in this way. */
  async function broken(wanted: Readonly<Record<string, RegExp>>): Promise<void> {
    await eventually(`${Object.keys(wanted).join(", ")} to be wrong`, 20, async () => {
      const wrong = (await lab.verify()).filter(({ ok, asked }) => !ok && absent[asked] === undefined);
      assert.deepEqual(wrong.map(({ asked }) => asked).sort(), Object.keys(wanted).sort());
      for (const { asked, got } of wrong) assert.match(got, wanted[asked] ?? /^$/);
      return true;
    });
  }
}

function find(results: readonly Result[], asked: string): Result {
  const found = results.find((result) => result.asked === asked);
  assert.ok(found, `${asked} was not looked at; ${results.map((result) => result.asked).join(", ")}`);
  return found;
}
