import assert from "node:assert/strict";
import { namespaceOf } from "../../config/derive/apps.ts";
import type { AnswerConfig, Prototype } from "../../config/schema.ts";
import { loadPrototype } from "../support/stack-files.ts";

/** Every line of the prototypes: the application, its namespace, the request, and what must come back. */
type Line = readonly [app: string, namespace: string, url: string, answer: Partial<AnswerConfig>];

const apple = "Apple Service has been invoked via the Gateway";
const welcome = { contains: "Welcome to nginx!" };
const mango: Line[] = [
  ["mango", "mango", "https://mango.example.com/mango", { body: "juicy mango" }],
  ["mango", "mango", "http://mango.example.com/mango", { body: "juicy mango" }],
];
const forwarded = (book: string): Line[] => [
  ["bookinfo", book, "http://localhost:8080/productpage", {}],
  ["apple", "apple", "http://localhost:8090/apple", { body: apple }],
];
const everything: Line[] = [
  ["apple", "apple", "http://apple.example.com/apple", { body: apple }],
  ["bookinfo", "book", "http://book.example.com/productpage", {}],
  ...mango,
  ["nginx", "nginx", "https://nginx.example.com/", welcome],
];

const lines: Readonly<Record<string, readonly Line[]>> = {
  "learn-01": [
    ["apple-path", "apple", "http://any.example.com/apple", { body: "apple-path" }],
    ["apple-host", "apple", "http://apple.foo.com/apple", { body: "apple-host" }],
    ["banana-path", "banana", "http://any.example.com/banana", { body: "banana-path" }],
    ["banana-host", "banana", "http://banana.foo.com/banana", { body: "banana-host" }],
    ["mango", "mango", "https://mango.foo.com/mango", { body: "juicy mango" }],
    ["passion", "passion", "http://passion.foo.com/passion", { body: "<h1>Pekko-http loves passion fruit</h1>" }],
    ["papaya", "papaya", "https://papaya.foo.com/papaya", { body: "Pekko-http says that Papaya is a sweet fruit" }],
    ["pear", "pear", "https://pear.foo.com/", welcome],
    ["", "", "http://any.example.com/notfound", { status: 404 }],
  ],
  "learn-02": [
    ["papaya", "papaya", "https://papaya.foo.com/papaya", { body: "Pekko-http says that Papaya is a sweet fruit" }],
  ],
  "learn-03-01": forwarded("default"),
  "learn-03-02": forwarded("book"),
  "learn-03-03": mango,
  "learn-03-04": mango,
  "learn-03-05": [["nginx", "default", "https://nginx.example.com/", welcome]],
  "learn-03-06": [["nginx", "nginx", "https://nginx.example.com/", welcome]],
  "learn-03-07": everything,
  "learn-03": everything,
  "learn-04": [
    ["cafe", "cafe", "http://cafe.example.com/", { contains: "Server name: coffee" }],
    [
      "apple",
      "apple",
      "http://apple.example.com/",
      { body: "Apple Service has been invoked via the Nginx Gateway Fabric" },
    ],
  ],
  "learn-05": [...mango, ["nginx", "nginx", "https://nginx.example.com/", welcome]],
};

function answersOf(prototype: Prototype, app: string): AnswerConfig[] {
  return app === "" ? prototype.answers : (prototype.apps[app]?.answers ?? []);
}

describe("what each prototype shows", () => {
  for (const [stack, expected] of Object.entries(lines)) {
    for (const [app, namespace, url, answer] of expected) {
      it(`${stack}: ${app || "the default backend"} answers ${url}`, () => {
        const prototype = loadPrototype(stack);
        const found = answersOf(prototype, app).find(({ get }) => get === url);
        assert.ok(found, `no answer for ${url}`);
        for (const [key, value] of Object.entries(answer)) assert.equal(Reflect.get(found, key), value);
        const config = prototype.apps[app];
        if (config) assert.equal(namespaceOf(app, config), namespace);
      });
    }
  }

  it("learn-01: papaya mounts a volume claim and a Secret", () => {
    const mounts = loadPrototype("learn-01").apps.papaya?.mounts ?? [];
    assert.deepEqual(
      mounts.map((mount) => Object.keys(mount).filter((key) => key !== "path")),
      [["claim"], ["secret"]],
    );
  });

  it("learn-02: Vault has a root of ten years, two intermediates of five, a role for each domain, and the test secret", () => {
    const { vault, platform } = loadPrototype("learn-02");
    assert.equal(platform.vault?.replicas, 3);
    assert.deepEqual(vault.kv, { secret: { "test/apitest": ["username", "password"] } });
    assert.equal(vault.pki.pki?.ttl, "87600h");
    assert.match(vault.pki.pki?.issuerName ?? "", /^root-\d{4}$/);
    assert.equal(vault.pki.pki_int?.commonName, "example.com Intermediate Authority");
    assert.equal(vault.pki.pki_int_foo?.commonName, "foo.com Intermediate Authority");
    assert.equal(vault.pki.pki_int?.ttl, "43800h");
    assert.deepEqual(vault.pki.pki_int?.roles["example-dot-com"]?.allowedDomains, ["example.com"]);
    assert.deepEqual(vault.pki.pki_int_foo?.roles["foo-dot-com"]?.allowedDomains, ["foo.com"]);
  });

  it("learn-02: the test certificate is www.example.com", () => {
    assert.deepEqual(loadPrototype("learn-02").certificates["www-example-com"]?.names, ["www.example.com"]);
  });

  it("learn-03: bookinfo routes three exact paths and two prefixes", () => {
    const routes = loadPrototype("learn-03").apps.bookinfo?.gateway?.routes ?? [];
    assert.deepEqual(
      routes.map(({ exact, path }) => exact ?? `${path}*`),
      ["/productpage", "/static*", "/login", "/logout", "/api/v1/products*"],
    );
  });

  it("learn-03-03 makes its certificate without cert-manager, learn-03-04 with it", () => {
    assert.equal(loadPrototype("learn-03-03").platform.certManager, undefined);
    assert.ok(loadPrototype("learn-03-03").issuers["example-ca"]?.local);
    assert.ok(loadPrototype("learn-03-04").issuers["mango-ca"]?.selfSigned);
  });

  it("learn-05: mango's certificate carries five names, and the smoke test hangs on the root engine", () => {
    const { apps, issuers, certificates } = loadPrototype("learn-05");
    const https = apps.mango?.gateway?.listeners?.https;
    assert.deepEqual(
      [https?.hostname, ...(https?.tls?.names ?? []), ...(https?.tls?.ips ?? [])],
      ["mango.example.com", "localhost", "mango", "mango.mango.svc.cluster.local", "127.0.0.1"],
    );
    const smoke = certificates["example-cluster-local"];
    assert.deepEqual(smoke?.names, ["example.cluster.local"]);
    assert.equal(issuers[smoke?.issuer ?? ""]?.vault?.mount, "pki");
  });

  it("learn-06: a Secret reads back in clear and is ciphertext in etcd", () => {
    const { encryption, secrets, answers } = loadPrototype("learn-06");
    assert.equal(encryption?.provider, "secretbox");
    assert.deepEqual(secrets["a-secret"], { namespace: "default", data: { key1: "supersecret" } });
    assert.equal(answers[1]?.startsWith, "k8s:enc:secretbox:v1:key1:");
  });
});
