import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { escapeJson, escapeMarkup, shorten } from "../../lab/pictures/escape.ts";
import { pageScript } from "../../lab/pictures/page/bundle.ts";
import { writePage } from "../../lab/pictures/page/page.ts";
import { fixture } from "./fixtures/fixture.ts";

const EVIL = `</script><script>alert("1")</script><img src=x onerror=alert(1)>'`;

describe("the page", () => {
  it("allows only its own script and style, by their hashes", async () => {
    const page = writePage(await fixture("fruit"), await pageScript());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    assert.match(policy, /^default-src &#39;none&#39;/);
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code = ""]) => code);
    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, code = ""]) => code);
    assert.equal(scripts.length, 1);
    assert.equal(styles.length, 1);
    for (const code of [...scripts, ...styles]) {
      assert.ok(policy.includes(`sha256-${createHash("sha256").update(code).digest("base64")}`), "a hash is missing");
    }
  });

  it("asks the network for nothing", async () => {
    const page = writePage(await fixture("fruit"), "");
    assert.doesNotMatch(page, /\b(src|srcset|action)=|<link|@import|url\(/);
    assert.deepEqual(page.match(/href="[^"]*"/g), ['href="#paths"']);
  });

  it("escapes whatever comes from outside", async () => {
    const input = await fixture("broken");
    const page = writePage(
      {
        ...input,
        stack: EVIL,
        story: EVIL,
        findings: input.findings.map((finding) => ({ ...finding, message: EVIL, fix: EVIL })),
        answers: [{ asked: EVIL, expected: EVIL, got: EVIL, ok: false, request: { method: EVIL, url: EVIL } }],
        certificates: [
          {
            secret: EVIL,
            chain: [{ subject: EVIL, issuer: EVIL, names: [EVIL], key: EVIL, notBefore: EVIL, notAfter: EVIL }],
          },
        ],
      },
      "",
    );
    assert.doesNotMatch(page, /<img|<script>alert/);
    assert.equal(page.match(/<script/g)?.length, 2);
  });

  it("never shows the values of Secrets", async () => {
    const page = writePage(await fixture("ingress"), "");
    assert.match(page, /mango-tls/);
    assert.doesNotMatch(page, /c2VjcmV0/);
  });

  it("tells answers, findings and lifetimes", async () => {
    const page = writePage(
      {
        ...(await fixture("broken")),
        answers: [
          { asked: "GET http://a/", expected: "200", got: "404", ok: false },
          { asked: "GET http://b/", expected: "200", got: "200", ok: true },
        ],
        certificates: [
          {
            secret: "mango/tls",
            chain: [
              {
                subject: "leaf",
                issuer: "root",
                names: ["a.example"],
                key: "ECDSA P-256",
                notBefore: "2026-01-01T00:00:00Z",
                notAfter: "2026-04-01T00:00:00Z",
              },
            ],
          },
        ],
      },
      "",
    );
    assert.match(page, /1 of 2 answers as expected/);
    assert.match(page, /✗ differs/);
    assert.match(page, /<strong class="rule">W25<\/strong>/);
    assert.match(page, /leaf: until <time datetime="2026-04-01T00:00:00Z">2026-04-01<\/time> \(90 days\)/);
  });
});

describe("escaping", () => {
  it("leaves no character that markup or JSON in a script could be ended with", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(escapeMarkup(text), /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
        assert.doesNotMatch(escapeJson(text), /[<>&\u2028\u2029]/);
        assert.equal(JSON.parse(escapeJson(text)), text);
      }),
    );
  });

  it("shortens to the length asked for, both ends kept", () => {
    assert.equal(shorten("productpage-v1:9080", 12), "productp…080");
    assert.equal(shorten("short", 5), "short");
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 3, max: 40 }), (text, n) => [...shorten(text, n)].length <= n),
    );
  });
});
