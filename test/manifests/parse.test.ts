import assert from "node:assert/strict";
import fc from "fast-check";
import { parseManifests } from "../../lab/manifests/parse.ts";

const names = (content: string) =>
  parseManifests(content, "f.yaml").objects.map(
    ({ object, source }) => `${object.kind}/${object.metadata.name}:${source?.line}`,
  );
const mistakes = (content: string) => parseManifests(content, "f.yaml").mistakes;

describe("parsing manifests", () => {
  it("reads several documents, each with the line on which it begins, and passes over empty ones", () => {
    const content = [
      "# a comment alone",
      "---",
      "apiVersion: v1",
      "kind: Service",
      "metadata: { name: a }",
      "---",
      "---",
      "apiVersion: v1",
      "kind: Secret",
      "metadata: { name: b, namespace: n }",
      "",
    ].join("\n");
    assert.deepEqual(names(content), ["Service/a:3", "Secret/b:8"]);
  });

  it("flattens Lists and typed lists, each item with its own line", () => {
    const content = [
      "apiVersion: v1",
      "kind: List",
      "items:",
      "  - apiVersion: v1",
      "    kind: Service",
      "    metadata: { name: a }",
      "  - { apiVersion: v1, kind: Service, metadata: { name: b } }",
      "---",
      "apiVersion: gateway.networking.k8s.io/v1",
      "kind: HTTPRouteList",
      "items: [{ metadata: { name: r } }]",
    ].join("\n");
    assert.deepEqual(names(content), ["Service/a:4", "Service/b:7", "HTTPRoute/r:11"]);
  });

  it("reads JSON, one object or a List", () => {
    const object = (name: string) => ({ apiVersion: "v1", kind: "Service", metadata: { name } });
    assert.deepEqual(names(JSON.stringify(object("a"))), ["Service/a:1"]);
    const list = { apiVersion: "v1", kind: "List", items: [object("a"), object("b")] };
    assert.deepEqual(names(JSON.stringify(list, null, 2)), ["Service/a:1", "Service/b:1"]);
  });

  const service = (name: string) => ({ apiVersion: "v1", kind: "Service", metadata: { name } });
  const pretty = (value: unknown) => JSON.stringify(value, null, 2);

  it("reads several JSON documents one after another, each with the line on which it begins", () => {
    const list = { apiVersion: "v1", kind: "List", items: [service("b"), service("c")] };
    assert.deepEqual(names(`${pretty(service("a"))}\n${pretty(list)}\n\n${JSON.stringify(service("d"))}\n`), [
      "Service/a:1",
      "Service/b:8",
      "Service/c:8",
      "Service/d:29",
    ]);
    const lines = ["a", "b", "c"].map((name) => JSON.stringify(service(name)));
    assert.deepEqual(names(lines.join("\n")), ["Service/a:1", "Service/b:2", "Service/c:3"]);
    assert.deepEqual(names(lines.join("\r\n")), ["Service/a:1", "Service/b:2", "Service/c:3"]);
    assert.deepEqual(names(lines.join("")), ["Service/a:1", "Service/b:1", "Service/c:1"]);
  });

  it("takes no bracket in a text for the end of a JSON document", () => {
    const odd = { ...service("a"), data: { text: '}\n{ "\\', '"]': "[" } };
    const [first, second] = parseManifests(`${pretty(odd)}\n${pretty(service("b"))}`, "f.json").objects;
    assert.deepEqual([first?.object.data, second?.object.metadata.name], [odd.data, "b"]);
  });

  it("reads JSON documents that YAML's marker separates", () => {
    assert.deepEqual(names(`${pretty(service("a"))}\n---\n${pretty(service("b"))}`), ["Service/a:1", "Service/b:9"]);
  });

  for (const [title, content, mistake] of [
    [
      "cannot be read",
      `${pretty(service("a"))}\n${pretty(service("b")).replace('"v1"', "]")}\n${pretty(service("c"))}`,
      /^f\.yaml:9:\d+: document 2 is not readable as JSON: /,
    ],
    [
      "breaks off",
      `${pretty(service("a"))}\n${pretty(service("b")).slice(0, -1)}`,
      /^f\.yaml:1\d:\d+: document 2 is not readable as JSON: /,
    ],
    [
      "is YAML",
      `${pretty(service("a"))}\n{ kind: Service }`,
      /^f\.yaml:8:1: document 2 is not readable as JSON: it is not JSON/,
    ],
    [
      "is unquoted",
      `${pretty(service("a"))}\n${pretty(service("b"))}\nError: no more`,
      /^f\.yaml:15:1: document 3 is not readable as JSON: it is not JSON/,
    ],
    ["is not a manifest", `${pretty(service("a"))}\n[1]`, /^f\.yaml:8: not a Kubernetes manifest: expected an object/],
  ] as const) {
    it(`says where for one of several JSON documents that ${title}`, () => {
      assert.equal(mistakes(content).length, 1, mistakes(content).join("\n"));
      assert.match(mistakes(content)[0] ?? "", mistake);
      assert.equal(names(content)[0], "Service/a:1");
    });
  }

  it("says where for the first of several JSON documents", () => {
    const content = `${pretty(service("a")).replace('"v1"', "]")}\n${pretty(service("b"))}`;
    assert.equal(mistakes(content).length, 1);
    assert.match(mistakes(content)[0] ?? "", /^f\.yaml:2:\d+: not readable as YAML: /);
  });

  it("resolves anchors and merge keys", () => {
    const content =
      "base: &l { app: x }\napiVersion: v1\nkind: Pod\nmetadata: { name: p, labels: { <<: *l, tier: web } }";
    const [sourced] = parseManifests(content, "f.yaml").objects;
    assert.deepEqual(sourced?.object.metadata.labels, { app: "x", tier: "web" });
  });

  it("takes a null namespace for none", () => {
    const [sourced] = parseManifests("apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: null }", "f").objects;
    assert.equal("namespace" in (sourced?.object.metadata ?? {}), false);
  });

  it("takes fields that are null for absent ones, as the API server does, and lets lists keep their places", () => {
    const content = [
      "apiVersion: v1",
      "kind: Service",
      "metadata: { name: a, annotations: null }",
      "spec: { selector: { app: a, tier: null }, ports: [{ port: 80, name: null }], externalIPs: [null, 10.0.0.1] }",
    ].join("\n");
    const expected = { selector: { app: "a" }, ports: [{ port: 80 }], externalIPs: [null, "10.0.0.1"] };
    const [yaml] = parseManifests(content, "f.yaml").objects;
    assert.deepEqual(yaml?.object.metadata, { name: "a" });
    assert.deepEqual(yaml?.object.spec, expected);
    const [json] = parseManifests(
      '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"selector":{"app":"a","tier":null}}}',
      "f.json",
    ).objects;
    assert.deepEqual(json?.object.spec, { selector: { app: "a" } });
  });

  const broken: [name: string, content: string, message: RegExp][] = [
    ["unreadable YAML", "kind: Service\n  name: [a", /^f\.yaml:\d+:\d+: not readable as YAML: /],
    ["unreadable JSON", '{\n  "kind": "Service",\n  "x": ]\n}', /^f\.yaml:3:\d+: not readable as YAML: /],
    ["a key given twice", "kind: A\nkind: B", /^f\.yaml:2:1: not readable as YAML: Map keys must be unique/],
    ["an alias without its anchor", "kind: *nowhere", /^f\.yaml:1(:\d+)?: not readable as YAML: .*nowhere/],
    ["an alias within its own anchor", "a: &a { b: *a }", /^f\.yaml:1: not readable as YAML: an alias stands within/],
    ["text", "hello", /^f\.yaml:1: not a Kubernetes manifest/],
    ["a list", "- a\n- b", /^f\.yaml:1: not a Kubernetes manifest/],
    ["some other object", "replicas: 3", /^f\.yaml:1: not a Kubernetes manifest: no apiVersion$/],
    ["a missing apiVersion", "kind: Service", /^f\.yaml:1: Service has no apiVersion$/],
    [
      "a missing kind",
      "---\napiVersion: v1\nmetadata: { name: a }",
      /^f\.yaml:2: the object of apiVersion v1 has no kind$/,
    ],
    ["a missing name", "apiVersion: v1\nkind: Service", /^f\.yaml:1: Service has no metadata\.name$/],
    [
      "a name that is a number",
      "apiVersion: v1\nkind: Pod\nmetadata: { name: 1 }",
      /metadata\.name must be text, got 1$/,
    ],
    [
      "a namespace that is a number",
      "apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: 1 }",
      /namespace must be text, got 1$/,
    ],
    ["a bad item of a List", "apiVersion: v1\nkind: List\nitems:\n  - kind: Pod", /^f\.yaml:4: Pod has no apiVersion$/],
  ];
  for (const [name, content, message] of broken) {
    it(`says where and why for ${name}`, () => {
      const found = mistakes(content);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
    });
  }

  const opened = (bracket: string) => bracket.repeat(2000);
  const inPod = (value: string) => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":${value}}`;
  const deep: [name: string, content: string, place: string][] = [
    ["opened braces", opened("{"), "1:201"],
    ["opened brackets", opened("["), "1:201"],
    ["closed brackets", `${opened("[")}${opened("]")}`, "1:201"],
    ["both, closed, in YAML", `# a comment\na: ${opened("[{a: ")}${opened("}]")}`, "2:500"],
    ["keys of keys", opened("? "), "1:401"],
    ["lists of lists", opened("- "), "1:401"],
    ["indented fields", Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), "201:201"],
    ["lists in an object that is whole", inPod(`${opened("[")}${opened("]")}`), "1:263"],
  ];
  for (const [name, content, place] of deep) {
    it(`reads no further where ${name} nest too deep`, () => {
      const why = "not readable as YAML: objects and lists nest deeper than 200 levels";
      assert.deepEqual(mistakes(content), [`f.yaml:${place}: ${why}`]);
      assert.deepEqual(names(content), []);
    });
  }

  it("says where a later JSON document nests too deep", () => {
    assert.deepEqual(mistakes(`${inPod("{}")}\n${opened("{")}`), [
      "f.yaml:2:201: document 2 is not readable as JSON: objects and lists nest deeper than 200 levels",
    ]);
  });

  it("reads what nests as deep as is allowed, as JSON and as YAML", () => {
    const value = `${"[".repeat(199)}${"]".repeat(199)}`;
    assert.deepEqual(names(inPod(value)), ["Pod/p:1"]);
    assert.deepEqual(names(`# a comment\n${inPod(value)}`), ["Pod/p:2"]);
  });

  it("stops aliases that nest too deep together", () => {
    const level = (alias: string) => `${"[".repeat(150)}${alias}${"]".repeat(150)}`;
    assert.match(
      mistakes(`a: &a ${level("x")}\nb: ${level("*a")}`).join("\n"),
      /^f\.yaml:1: not readable as YAML: an alias .*nest deeper than 200 levels$/,
    );
  });

  it("passes once over a text that is not closed, whatever it escapes", () => {
    const start = process.cpuUsage();
    assert.equal(mistakes(`{"${'\\"'.repeat(100_000)}`).length, 1);
    const { user } = process.cpuUsage(start);
    assert.ok(user < 5e6, `${user / 1e6} s of CPU time`);
  });

  it("stops aliases that multiply without end", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`,
    );
    assert.match(mistakes(`a0: &a0 [x]\n${levels.join("\n")}`)[0] ?? "", /alias/i);
  });

  it("never throws and never yields an object without its identity, whatever the text", () => {
    const scrap = fc.constantFrom(
      "apiVersion: v1\n",
      "kind: Pod\n",
      "metadata:\n",
      "  name: a\n",
      "---\n",
      "- ",
      "{",
      "}",
      "&a ",
      "*a",
      ": ",
      "!!x ",
      "\t",
      '"',
      "|\n",
      "<<: ",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(scrap, { maxLength: 20 }).map((parts) => parts.join("")),
      fc.json(),
    );
    fc.assert(
      fc.property(texts, (content) => {
        for (const { object } of parseManifests(content, "f").objects) {
          assert.ok(object.apiVersion && object.kind && object.metadata.name);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("reads back any object written as JSON, but for fields that are null", () => {
    const keep = function (this: unknown, _key: string, value: unknown) {
      return value === null && !Array.isArray(this) ? undefined : value;
    };
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
        const written = JSON.stringify({ apiVersion: "v1", kind: "X", metadata: { name: "a" }, spec });
        assert.deepEqual(parseManifests(written, "f").objects[0]?.object, JSON.parse(written, keep));
      }),
    );
  });
});
