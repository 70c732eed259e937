import assert from "node:assert/strict";
import fc from "fast-check";
import { allowsCommonName, firstForbidden, globMatches, isHostname } from "../../lab/issuing/pki-names.ts";
import { readRole } from "../../lab/issuing/pki-role.ts";

const strict = { allow_localhost: false, allow_ip_sans: false };
const role = (written: Record<string, unknown>) => readRole({ ...strict, ...written });

// Cases from Vault's documentation of roles and its own tests (builtin/logical/pki/issuing).
const table: readonly [written: Record<string, unknown>, allowed: string[], forbidden: string[]][] = [
  [{ allowed_domains: ["example.com"] }, [], ["example.com", "a.example.com", "other.org"]],
  [
    { allowed_domains: ["example.com"], allow_subdomains: true },
    ["a.example.com", "a.b.example.com", "*.example.com", "*.a.example.com", "baz*.example.com"],
    [
      "example.com",
      "badexample.com",
      "*.*.example.com",
      "a.*.example.com",
      "localhost",
      "a..example.com",
      "-.example.com",
    ],
  ],
  [
    { allowed_domains: ["example.com"], allow_bare_domains: true },
    ["example.com", "EXAMPLE.com"],
    ["a.example.com", "*.example.com"],
  ],
  [
    { allowed_domains: ["example.com"], allow_subdomains: true, allow_wildcard_certificates: false },
    ["a.example.com"],
    ["*.example.com", "b*z.example.com"],
  ],
  [{ allow_any_name: true }, ["anything", "*.anything", "a.b.c"], ["not a name", "under_score"]],
  [{ allow_any_name: true, enforce_hostnames: false }, ["not a name", "under_score"], []],
  [{ allow_any_name: true, allow_wildcard_certificates: false }, ["anything"], ["*.anything"]],
  [{ allow_localhost: true }, ["localhost", "localdomain", "*.localhost"], ["a.localhost", "a.localdomain"]],
  [{ allow_localhost: true, allow_subdomains: true }, ["localhost", "a.localhost", "*.localhost"], ["example.com"]],
  [
    { allowed_domains: ["*.example.com", "foo*"], allow_glob_domains: true },
    ["a.example.com", "FOObar"],
    ["example.com", "bar"],
  ],
  [{ allowed_domains: ["*.example.com"] }, [], ["a.example.com"]],
  [{ allowed_domains: "example.com, example.org", allow_subdomains: true }, ["a.example.org"], ["a.example.net"]],
  // Suffixes are compared with their case, as Vault does.
  [{ allowed_domains: ["example.com"], allow_subdomains: true }, [], ["a.EXAMPLE.com"]],
  [{ allowed_domains: ["mango"], allow_bare_domains: true, allow_subdomains: true }, ["mango", "a.mango"], ["mangoes"]],
  [
    { allowed_domains: ["example.com"], allow_subdomains: true },
    ["me@a.example.com"],
    ["me@example.com", "me@*.example.com", "a@b@c"],
  ],
];

describe("which names a Vault role allows", () => {
  for (const [written, allowed, forbidden] of table) {
    it(`${JSON.stringify(written)} allows ${allowed.join(" ") || "nothing"}`, () => {
      for (const name of allowed)
        assert.equal(firstForbidden(role(written), [name]), undefined, `should allow ${name}`);
      for (const name of forbidden) assert.equal(firstForbidden(role(written), [name]), name, `should forbid ${name}`);
    });
  }

  it("allows localhost, IP addresses and wildcards unless told otherwise", () => {
    const defaults = readRole({});
    assert.deepEqual(
      [defaults.allowLocalhost, defaults.allowIpSans, defaults.allowWildcardCertificates, defaults.requireCn],
      [true, true, true, true],
    );
    assert.deepEqual([defaults.keyType, defaults.allowSubdomains, defaults.notBeforeSeconds], ["rsa", false, 30]);
  });

  it("tells the first forbidden name and no other", () => {
    const rules = role({ allowed_domains: ["example.com"], allow_subdomains: true });
    assert.equal(firstForbidden(rules, ["a.example.com", "b.org", "c.org"]), "b.org");
  });

  it("takes a common name as e-mail or host only as cn_validations say", () => {
    const rules = { allow_any_name: true };
    assert.equal(allowsCommonName(role({ ...rules, cn_validations: ["hostname"] }), "me@example.com"), false);
    assert.equal(allowsCommonName(role({ ...rules, cn_validations: ["email"] }), "example.com"), false);
    assert.equal(allowsCommonName(role({ cn_validations: ["disabled"] }), "anything at all"), true);
  });

  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));

  it("lets every name below an allowed domain through with allow_subdomains, and the domain itself only with allow_bare_domains", () => {
    fc.assert(
      fc.property(host, host, fc.boolean(), fc.boolean(), (domain, below, subdomains, bare) => {
        const rules = role({ allowed_domains: [domain], allow_subdomains: subdomains, allow_bare_domains: bare });
        assert.equal(firstForbidden(rules, [`${below}.${domain}`]) === undefined, subdomains);
        assert.equal(firstForbidden(rules, [domain]) === undefined, bare);
        assert.equal(firstForbidden(rules, [`*.${domain}`]) === undefined, subdomains);
      }),
    );
  });

  it("never lets a name through that ends with none of the allowed domains", () => {
    fc.assert(
      fc.property(fc.array(host, { maxLength: 3 }), host, (domains, name) => {
        fc.pre(!domains.some((domain) => name === domain || name.endsWith(`.${domain}`)));
        const rules = role({ allowed_domains: domains, allow_subdomains: true, allow_bare_domains: true });
        assert.equal(firstForbidden(rules, [name]), name);
      }),
    );
  });

  it("knows host names by their labels", () => {
    fc.assert(fc.property(host, (name) => isHostname(name) && isHostname(`*.${name}`) && isHostname(`${name}.`)));
    for (const bad of ["", "a b", "-a", "a-", "a..b", "a_b", `${"x".repeat(64)}.com`, `${"x.".repeat(130)}com`]) {
      assert.equal(isHostname(bad), false, bad);
    }
  });

  it("reads * in a glob as any text", () => {
    assert.equal(globMatches("a*c", "abbc"), true);
    assert.equal(globMatches("*.example.com", "x.y.example.com"), true);
    assert.equal(globMatches("a.c", "abc"), false);
  });
});
