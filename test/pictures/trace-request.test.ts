import assert from "node:assert/strict";
import { planGateway } from "../../lab/gateway/plan/gateway-plan.ts";
import { litPath } from "../../lab/pictures/lit-path.ts";
import type { PictureTopology } from "../../lab/pictures/model.ts";
import { inWords } from "../../lab/pictures/path-words.ts";
import { type RequestPath, type TypedRequest, traceRequest } from "../../lab/pictures/trace-request.ts";
import { fixtureTopology } from "./fixtures/fixture.ts";

describe("the way of a typed request", () => {
  async function traced(name: "fruit" | "broken" | "ingress", request: Partial<TypedRequest> & { url: string }) {
    const topology = await fixtureTopology(name);
    const path = traceRequest(planGateway(topology), { method: "GET", headers: {}, ...request });
    return { topology, path };
  }

  it("is lit from the client to the pods when a rule matches", async () => {
    const { topology, path } = await traced("fruit", { url: "https://mango.example.com/mango/ripe?x=1" });
    assert.equal(path.outcome, "forwarded");
    assert.deepEqual(lit(topology, path), [
      "client",
      "address/mango/mango-gateway:443",
      "listener/Gateway/mango/mango-gateway/https",
      "route/HTTPRoute/mango/mango",
      "service/mango/mango-svc:8000",
      "pod/Deployment/mango/mango:5678",
    ]);
    const { edges } = litPath(topology, path);
    assert.equal(edges.length, 5);
    assert.match(
      inWords(path).steps.join("\n"),
      /listener https .*\nHTTPRoute mango\/mango, rule 1: PathPrefix \/mango\n/,
    );
  });

  it("ends at the route that redirects", async () => {
    const { topology, path } = await traced("fruit", { url: "http://mango.example.com/old" });
    assert.equal(path.status, 301);
    assert.equal(path.location, "https://mango.example.com/old");
    assert.equal(lit(topology, path).at(-1), "route/HTTPRoute/mango/mango");
  });

  it("ends at the listener when no rule matches, and says so", async () => {
    const { topology, path } = await traced("fruit", { url: "https://mango.example.com/elsewhere" });
    assert.equal(path.status, 404);
    assert.equal(lit(topology, path).at(-1), "listener/Gateway/mango/mango-gateway/https");
    assert.match(inWords(path).steps.at(-1) ?? "", /because no rule matches GET \/elsewhere/);
  });

  it("passes through by server name alone", async () => {
    const { topology, path } = await traced("fruit", { url: "https://nginx.example.com/any/path" });
    assert.equal(path.outcome, "passed");
    assert.equal(lit(topology, path).at(-1), "pod/Deployment/nginx/nginx:443");
  });

  it("is refused where no listener has the server name, where the port speaks something else, and where nothing listens", async () => {
    const refusals: [Partial<TypedRequest> & { url: string }, RegExp][] = [
      [{ url: "https://other.example.com/", gateway: "mango/mango-gateway" }, /no listener has the SNI other/],
      [{ url: "https://mango.example.com:80/" }, /a TLS handshake on a port for clear HTTP/],
      [{ url: "http://mango.example.com:443/" }, /clear HTTP on a port for TLS/],
      [{ url: "http://mango.example.com:8080/" }, /no gateway listens on port 8080; ports: 80, 443/],
    ];
    for (const [request, why] of refusals) {
      const { path } = await traced("fruit", request);
      assert.equal(path.outcome, "refused");
      assert.match(path.why ?? "", why);
    }
  });

  it("takes server name, Host and port of their own", async () => {
    const byHost = await traced("fruit", {
      url: "http://localhost:9000/mango",
      port: 80,
      headers: { host: "mango.example.com" },
    });
    assert.equal(byHost.path.outcome, "forwarded");
    const bySni = await traced("fruit", { url: "https://x.example.com/", sni: "nginx.example.com" });
    assert.equal(bySni.path.outcome, "passed");
  });

  it("is answered 500 by the backend that does not exist", async () => {
    const topology = await fixtureTopology("broken");
    const request = { method: "GET", url: "http://shop.example.com/", headers: {} };
    const toFirst = traceRequest(planGateway(topology, { random: () => 0 }), request);
    assert.equal(toFirst.outcome, "forwarded");
    const toSecond = traceRequest(planGateway(topology, { random: () => 0.95 }), request);
    assert.equal(toSecond.status, 500);
    assert.match(toSecond.why ?? "", /^PortNotFound/);
    assert.equal(inWords(toSecond).good, false);
  });

  it("knows what an Ingress controller does", async () => {
    const redirected = await traced("ingress", { url: "http://mango.foo.com/" });
    assert.equal(redirected.path.status, 308);
    const through = await traced("ingress", { url: "https://pear.foo.com/" });
    assert.equal(through.path.outcome, "passed");
    assert.deepEqual(lit(through.topology, through.path).slice(0, 4), [
      "client",
      "address/ingress nginx:443",
      "listener/ingress/nginx/443",
      "route/Ingress/pear/through",
    ]);
  });

  it("throws one sentence for what is no URL", async () => {
    await assert.rejects(traced("fruit", { url: "ftp://mango" }), { message: "not an http or https URL: ftp://mango" });
    await assert.rejects(traced("fruit", { url: "http://" }), { message: "not a URL: http://" });
  });
});

function lit(topology: PictureTopology, path: RequestPath): readonly string[] {
  return litPath(topology, path).boxes;
}
