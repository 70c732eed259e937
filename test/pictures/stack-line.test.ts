import assert from "node:assert/strict";
import type { Ref } from "../../lab/manifests/object.ts";
import { StackLines } from "../../lab/pictures/stack-line.ts";
import { storyOf } from "../../lab/pictures/story.ts";
import { stackText } from "../support/stack-files.ts";

function linesOf(stack: string): StackLines {
  return new StackLines(stack, { name: `Pulumi.${stack}.yaml`, text: stackText(stack) });
}

function ref(text: string): Ref {
  const [kind = "", namespace = "", name = ""] = text.split(/[ /]/);
  return { kind, namespace, name };
}

describe("where an object comes from in its stack file", () => {
  const cases: [stack: string, object: string, part: string | undefined, path: string, text: RegExp, exact: boolean][] =
    [
      [
        "learn-05",
        "HTTPRoute mango/mango",
        undefined,
        "apps.mango.gateway.routes",
        /^routes: \[\{ path: \/mango/,
        true,
      ],
      ["learn-05", "TLSRoute nginx/nginx", undefined, "apps.nginx.gateway.routes", /^routes: \[\{ listener: tls/, true],
      ["learn-05", "Gateway mango/mango-gateway", undefined, "apps.mango.gateway", /^gateway:$/, true],
      ["learn-05", "Gateway mango/mango-gateway", "https", "apps.mango.gateway.listeners.https", /^https:$/, true],
      [
        "learn-05",
        "Certificate mango/mango-https-tls",
        undefined,
        "apps.mango.gateway.listeners.https.tls",
        /^tls:$/,
        false,
      ],
      ["learn-05", "Secret nginx/nginx-tls", undefined, "apps.nginx.nginx.tls", /^nginx: \{ tls:/, false],
      [
        "learn-05",
        "Certificate default/example-cluster-local",
        undefined,
        "certificates.example-cluster-local",
        /^example-cluster-local:/,
        true,
      ],
      ["learn-05", "Issuer nginx/nginx-issuer", undefined, "issuers.nginx-issuer", /^nginx-issuer:/, true],
      ["learn-05", "Service nginx/my-nginx", undefined, "apps.nginx.service", /^service: \{ name: my-nginx/, false],
      ["learn-05", "Deployment mango/mango", undefined, "apps.mango.echo", /^echo: juicy mango/, true],
      ["learn-03", "Deployment book/reviews-v2", undefined, "apps.bookinfo.bookinfo", /^bookinfo: \{\}/, false],
      ["learn-03", "Issuer mango/mango-ca-root", undefined, "issuers.mango-ca", /^mango-ca:/, false],
      [
        "learn-01",
        "Ingress apple/apple-host",
        undefined,
        "apps.apple-host.ingress",
        /^ingress: \{ host: apple\.foo\.com/,
        true,
      ],
      [
        "learn-01",
        "Certificate papaya/papaya-tls",
        undefined,
        "apps.papaya.ingress.tls",
        /tls: \{ mode: Terminate, issuer: papaya-ca/,
        false,
      ],
      ["learn-04", "Gateway edge/edge", undefined, "gateways.edge", /^edge:$/, true],
      ["learn-06", "Secret default/a-secret", undefined, "secrets.a-secret", /^a-secret:/, true],
    ];
  for (const [stack, object, part, path, text, exact] of cases) {
    it(`${object}${part === undefined ? "" : `, listener ${part}`} of ${stack}: learn:${path}`, () => {
      const found = linesOf(stack).find(ref(object), part);
      assert.ok(found, "no place found");
      assert.equal(found.path, path);
      assert.match(found.text, text);
      assert.equal(found.exact, exact);
      assert.equal(stackText(stack).split("\n")[found.line - 1]?.trim(), found.text);
    });
  }

  it("finds a Vault engine, and what is nowhere in the file nowhere", () => {
    assert.equal(linesOf("learn-05").findEngine("pki_int")?.path, "vault.pki.pki_int");
    assert.equal(linesOf("learn-05").find(ref("Service istio-system/istiod")), undefined);
    assert.equal(linesOf("learn-05").find(ref("Gateway mango/other")), undefined);
  });

  it("gives no place, and no error, in a file that is no stack", () => {
    const lines = new StackLines("x", { name: "x.yaml", text: "config: [unclosed\n" });
    assert.equal(lines.find(ref("Gateway a/b")), undefined);
  });

  it("takes the story from the comment at the top, without the line for editors", () => {
    assert.match(storyOf(stackText("learn-05")), /^Everything: Istio ambient behind the Gateway API, .* in mTLS\.$/);
    assert.equal(storyOf("config: {}\n# later\n"), "");
  });
});
