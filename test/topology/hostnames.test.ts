import assert from "node:assert/strict";
import fc from "fast-check";
import {
  certificateCovers,
  compareSpecificity,
  hostMatches,
  intersectedHostnames,
  intersectHostnames,
} from "../../lab/topology/hostnames.ts";

const label = fc.stringMatching(/^[a-c]{1,2}$/);
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
const pattern = fc.oneof(
  host,
  host.map((name) => `*.${name}`),
  fc.constant("*"),
);

// https://gateway-api.sigs.k8s.io/concepts/hostnames/
describe("hostname intersection", () => {
  const table: [listener: string, route: string, common: string | undefined][] = [
    ["*", "a.example.com", "a.example.com"],
    ["*", "*.example.com", "*.example.com"],
    ["a.example.com", "a.example.com", "a.example.com"],
    ["a.example.com", "b.example.com", undefined],
    ["*.example.com", "a.example.com", "a.example.com"],
    ["*.example.com", "a.b.example.com", "a.b.example.com"],
    ["*.example.com", "example.com", undefined],
    ["a.example.com", "*.example.com", "a.example.com"],
    ["*.com", "*.example.com", "*.example.com"],
    ["*.example.com", "*.com", "*.example.com"],
    ["*.example.com", "*.example.net", undefined],
    ["*.example.com", "notexample.com", undefined],
    ["*.ample.com", "*.example.com", undefined],
  ];
  for (const [listener, route, common] of table) {
    it(`of ${listener} and ${route} is ${common ?? "nothing"}`, () => {
      assert.equal(intersectHostnames(listener, route), common);
    });
  }

  it("is the same both ways", () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => assert.equal(intersectHostnames(a, b), intersectHostnames(b, a))),
    );
  });

  it("matches a host exactly when both patterns do", () => {
    fc.assert(
      fc.property(pattern, pattern, host, (a, b, name) => {
        const common = intersectHostnames(a, b);
        assert.equal(common !== undefined && hostMatches(common, name), hostMatches(a, name) && hostMatches(b, name));
      }),
    );
  });

  it("of a pattern with itself is the pattern", () => {
    fc.assert(fc.property(pattern, (a) => assert.equal(intersectHostnames(a, a), a)));
  });

  it("takes an absent hostname on either side for any host", () => {
    assert.deepEqual(intersectedHostnames(undefined, []), ["*"]);
    assert.deepEqual(intersectedHostnames("a.example.com", []), ["a.example.com"]);
    assert.deepEqual(intersectedHostnames(undefined, ["b.example.com"]), ["b.example.com"]);
    assert.deepEqual(intersectedHostnames("*.example.com", ["a.example.com", "a.org", "*.com"]), [
      "a.example.com",
      "*.example.com",
    ]);
  });
});

describe("specificity of hostnames", () => {
  it("puts precise names before longer wildcards before shorter ones before any host", () => {
    const given = ["*", "*.com", "a.com", "*.example.com"];
    assert.deepEqual(given.sort(compareSpecificity), ["a.com", "*.example.com", "*.com", "*"]);
  });

  it("never puts the wider of two nested patterns first", () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        if (a !== b && intersectHostnames(a, b) === a) assert.ok(compareSpecificity(a, b) < 0);
      }),
    );
  });
});

// RFC 6125 §6.4.3: the wildcard stands for one whole label, the leftmost.
describe("names in certificates", () => {
  it("cover themselves, and with a wildcard exactly one label", () => {
    assert.equal(certificateCovers("a.example.com", "a.example.com"), true);
    assert.equal(certificateCovers("*.example.com", "a.example.com"), true);
    assert.equal(certificateCovers("*.Example.com", "a.example.com"), true);
    assert.equal(certificateCovers("*.example.com", "*.example.com"), true);
    assert.equal(certificateCovers("*.example.com", "a.b.example.com"), false);
    assert.equal(certificateCovers("*.example.com", "example.com"), false);
    assert.equal(certificateCovers("a.example.com", "*.example.com"), false);
    assert.equal(certificateCovers("*.example.com", "*.b.example.com"), false);
  });
});
