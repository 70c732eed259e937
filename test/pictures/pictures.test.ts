import assert from "node:assert/strict";
import { chainPicture } from "../../lab/pictures/chain-picture.ts";
import type { Diagram } from "../../lab/pictures/diagram.ts";
import { layOut } from "../../lab/pictures/layout.ts";
import { drawMermaid } from "../../lab/pictures/mermaid.ts";
import { requestPicture } from "../../lab/pictures/request-picture.ts";
import { drawSvg } from "../../lab/pictures/svg.ts";
import { golden } from "../support/golden.ts";
import { fixture } from "./fixtures/fixture.ts";

describe("pictures", () => {
  for (const name of ["fruit", "broken", "ingress"] as const) {
    it(`draws the request paths of ${name} as kept`, async () => {
      const diagram = requestPicture(await fixture(name));
      golden("pictures", `${name}.svg`, drawSvg(diagram));
      golden("pictures", `${name}.mmd`, drawMermaid(diagram));
    });
  }

  it("draws the certificate chains as kept: Vault root, intermediate, role, issuer, leaf, listener", async () => {
    const diagram = chainOf(await fixture("fruit"));
    golden("pictures", "fruit-certificates.svg", drawSvg(diagram));
    const column = (title: string) => diagram.boxes.find((box) => box.title === title)?.column;
    const chain = ["pki", "pki_int", "mango-mango-issuer", "mango-issuer", "mango-https-tls", "https"];
    assert.deepEqual(chain.map(column), [0, 1, 2, 3, 4, 5]);
  });

  it("says on every wire who can read its bytes", async () => {
    const { wires } = requestPicture(await fixture("fruit"));
    const state = (from: string, to: string) =>
      wires.filter((wire) => wire.from.startsWith(from) && wire.to.startsWith(to)).map((wire) => wire.state);
    assert.deepEqual(state("client", "address/mango/mango-gateway:80"), ["clear"]);
    assert.deepEqual(state("client", "address/mango/mango-gateway:443"), ["tls-to-gateway"]);
    assert.deepEqual(state("route/HTTPRoute/mango/mango", "service/"), ["mesh-mtls"]);
    assert.deepEqual(state("client", "address/nginx/nginx-gateway:443"), ["passthrough"]);
    assert.deepEqual(state("service/nginx/my-nginx:443", "pod/"), ["passthrough"]);
  });

  it("draws broken wires with their rule, and nothing else as broken", async () => {
    const { wires } = requestPicture(await fixture("broken"));
    const broken = wires.filter(({ state }) => state === "broken");
    assert.deepEqual(
      broken.map(({ from, to, label }) => `${label} ${from} → ${to}`),
      [
        "W25 route/HTTPRoute/edge/shop → service/edge/missing:80",
        "W26 route/HTTPRoute/edge/shop → service/edge/shop:81",
        "W15 listener/Gateway/edge/edge/http → route/HTTPRoute/other/lost",
        "W27 route/HTTPRoute/other/lost → service/edge/shop:80",
      ],
    );
    assert.equal((await fixture("fruit")).findings.length, 0);
    assert.ok(requestPicture(await fixture("fruit")).wires.every(({ state }) => state !== "broken"));
  });

  it("keeps passed-through and ended TLS of one Ingress controller apart", async () => {
    const { wires } = requestPicture(await fixture("ingress"));
    const client = wires.filter(({ to }) => to === "address/ingress nginx:443").map(({ state }) => state);
    assert.deepEqual(client, ["tls-to-gateway", "passthrough"]);
    const listener = wires.filter(({ to }) => to === "listener/ingress/nginx/443").map(({ state }) => state);
    assert.deepEqual(listener, ["tls-to-gateway", "passthrough"]);
  });

  it("gives every box and every wire a title, and a colour never alone", async () => {
    for (const name of ["fruit", "broken", "ingress"] as const) {
      const input = await fixture(name);
      const diagram = requestPicture(input);
      const svg = drawSvg(diagram);
      assert.equal(svg.match(/<g class="box [^>]*><title>[^<]+<\/title>/g)?.length, diagram.boxes.length);
      assert.equal(
        svg.match(/<g class="wire [^>]*data-from[^>]*><title>[^<]+<\/title>/g)?.length,
        diagram.wires.length,
      );
      for (const state of diagram.legend) {
        assert.ok(
          diagram.wires.some((wire) => wire.state === state && wire.label !== undefined),
          `${state} of ${name} is written nowhere`,
        );
      }
    }
  });

  it("lets nothing of a manifest become markup", async () => {
    const svg = drawSvg(requestPicture(await fixture("broken")));
    assert.doesNotMatch(svg, /<script/);
    assert.match(svg, /&lt;\/title&gt;&lt;script&gt;alert\(1\)/);
    const mermaid = drawMermaid(requestPicture(await fixture("broken")));
    assert.doesNotMatch(mermaid, /<script/);
  });

  it("lays no box over another", async () => {
    for (const name of ["fruit", "broken", "ingress"] as const) {
      const { boxes, width, height } = layOut(requestPicture(await fixture(name)));
      for (const a of boxes) {
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height, a.id);
        for (const b of boxes) {
          if (a === b || a.x !== b.x) continue;
          assert.ok(a.y + a.height <= b.y || b.y + b.height <= a.y, `${a.id} lies over ${b.id}`);
        }
      }
    }
  });
});

function chainOf(input: Awaited<ReturnType<typeof fixture>>): Diagram {
  const diagram = chainPicture(input);
  assert.ok(diagram);
  return diagram;
}
