import assert from "node:assert/strict";
import {
  type Arrived,
  modifyHeaders,
  modifyPath,
  type Redirect,
  redirectLocation,
} from "../../../lab/gateway/matching/filters.ts";

describe("filters of HTTPRoute rules", () => {
  describe("ReplacePrefixMatch (the table of HTTPPathModifier.replacePrefixMatch)", () => {
    for (const [path, prefix, replace, expected] of [
      ["/foo/bar", "/foo", "/xyz", "/xyz/bar"],
      ["/foo/bar", "/foo", "/xyz/", "/xyz/bar"],
      ["/foo/bar", "/foo/", "/xyz", "/xyz/bar"],
      ["/foo/bar", "/foo/", "/xyz/", "/xyz/bar"],
      ["/foo", "/foo", "/xyz", "/xyz"],
      ["/foo/", "/foo", "/xyz", "/xyz/"],
      ["/foo/bar", "/foo", "", "/bar"],
      ["/foo/", "/foo", "", "/"],
      ["/foo", "/foo", "", "/"],
      ["/foo/", "/foo", "/", "/"],
      ["/foo", "/foo", "/", "/"],
      ["/bar", "/", "/xyz", "/xyz/bar"],
      ["/", "/", "/xyz", "/xyz/"],
    ] as const) {
      it(`${path} with prefix ${prefix} replaced by "${replace}" is ${expected}`, () => {
        assert.equal(modifyPath(path, { type: "ReplacePrefixMatch", value: replace }, prefix), expected);
      });
    }
    it("ReplaceFullPath takes the whole path", () => {
      assert.equal(modifyPath("/full/one/two", { type: "ReplaceFullPath", value: "/one" }, "/full"), "/one");
    });
  });

  describe("RequestRedirect (HTTPRequestRedirectFilter.port and .scheme)", () => {
    const at = (scheme: "http" | "https", listenerPort: number): Arrived => {
      return { scheme, listenerPort, host: "a.org", path: "/p/q", search: "?x=1" };
    };
    const cases: [string, Partial<Redirect>, Arrived, string][] = [
      ["nothing but a host, listener 80", { hostname: "b.org" }, at("http", 80), "http://b.org/p/q?x=1"],
      ["nothing but a host, listener 8080", { hostname: "b.org" }, at("http", 8080), "http://b.org:8080/p/q?x=1"],
      ["nothing but a host, listener 443", { hostname: "b.org" }, at("https", 443), "https://b.org/p/q?x=1"],
      ["port 80 from listener 8080", { port: 80 }, at("http", 8080), "http://a.org/p/q?x=1"],
      ["port 8080 from listener 80", { port: 8080 }, at("http", 80), "http://a.org:8080/p/q?x=1"],
      ["scheme https from listener 80", { scheme: "https" }, at("http", 80), "https://a.org/p/q?x=1"],
      ["scheme https from listener 8080", { scheme: "https" }, at("http", 8080), "https://a.org/p/q?x=1"],
      ["scheme https, port 443", { scheme: "https", port: 443 }, at("http", 80), "https://a.org/p/q?x=1"],
      ["scheme https, port 8443", { scheme: "https", port: 8443 }, at("http", 80), "https://a.org:8443/p/q?x=1"],
      ["scheme http from listener 443", { scheme: "http" }, at("https", 443), "http://a.org/p/q?x=1"],
      ["scheme http, port 8080", { scheme: "http", port: 8080 }, at("https", 443), "http://a.org:8080/p/q?x=1"],
      ["port 443 from an https listener", { port: 443 }, at("https", 8443), "https://a.org/p/q?x=1"],
      [
        "a replaced prefix",
        { path: { type: "ReplacePrefixMatch", value: "/r" } },
        at("http", 80),
        "http://a.org/r/q?x=1",
      ],
      ["a replaced path", { path: { type: "ReplaceFullPath", value: "/f" } }, at("http", 80), "http://a.org/f?x=1"],
    ];
    for (const [name, redirect, arrived, expected] of cases) {
      it(`with ${name}: ${expected}`, () => {
        assert.equal(redirectLocation({ statusCode: 302, ...redirect }, arrived, "/p"), expected);
      });
    }
  });

  describe("header modifiers (HTTPHeaderFilter)", () => {
    it("overwrites with set, appends with add, takes away with remove, whatever the case of the names", () => {
      const headers: Record<string, string | string[] | undefined> = {
        "x-set": "old",
        "x-add": "one",
        "x-remove": "gone",
        "x-stay": "here",
      };
      modifyHeaders(headers, {
        set: [
          { name: "X-Set", value: "new" },
          { name: "X-New", value: "made" },
        ],
        add: [
          { name: "X-ADD", value: "two" },
          { name: "X-Added", value: "alone" },
        ],
        remove: ["X-Remove", "X-Absent"],
      });
      assert.deepEqual(headers, {
        "x-set": "new",
        "x-new": "made",
        "x-add": "one,two",
        "x-added": "alone",
        "x-stay": "here",
      });
    });
    it("keeps cookies apart when one is added", () => {
      const headers: Record<string, string | string[] | undefined> = { "set-cookie": ["a=1"] };
      modifyHeaders(headers, { set: [], add: [{ name: "Set-Cookie", value: "b=2" }], remove: [] });
      assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
    });
    it("uses the first of entries with an equivalent name (HTTPHeader.name)", () => {
      const headers: Record<string, string | string[] | undefined> = {};
      const set = [
        { name: "X-A", value: "first" },
        { name: "x-a", value: "second" },
      ];
      modifyHeaders(headers, { set, add: [], remove: [] });
      assert.equal(headers["x-a"], "first");
    });
  });
});
