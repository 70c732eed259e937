import assert from "node:assert/strict";
import fc from "fast-check";
import { poolOf } from "../../components/platform/metallb/pool.ts";

const octet = fc.integer({ min: 0, max: 255 });

describe("the pool of addresses", () => {
  it("is .240 to .250 of the node's network", () => {
    assert.equal(poolOf("192.168.49.2"), "192.168.49.240-192.168.49.250");
    assert.equal(poolOf(" 10.0.0.7\n"), "10.0.0.240-10.0.0.250");
  });

  it("lies in the node's own /24, holds eleven addresses, and never the node, the router, the network or broadcast", () => {
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, host) => {
        const [first = "", last = ""] = poolOf(`${a}.${b}.${c}.${host}`).split("-");
        const network = `${a}.${b}.${c}.`;
        assert.ok(first.startsWith(network) && last.startsWith(network));
        const [low, high] = [first, last].map((address) => Number(address.slice(network.length)));
        assert.ok(low !== undefined && high !== undefined && high - low === 10);
        for (const taken of [0, 1, 2, 255, host]) assert.ok(taken < low || taken > high, `${taken} in ${low}-${high}`);
      }),
    );
  });

  it("is not guessed from anything but an address", () => {
    for (const wrong of ["", "minikube", "192.168.49", "192.168.49.256", "fd00::1", "1.2.3.4.5"])
      assert.throws(() => poolOf(wrong), /not an IPv4 address of a node/, wrong);
  });
});
