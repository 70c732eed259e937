import assert from "node:assert/strict";
import { AddressPool } from "../../lab/rehearsal/stand-ins/address-pool.ts";

describe("addresses of a rehearsal", () => {
  it("come out of the declared ranges, each once, the same name always the same", () => {
    const pool = new AddressPool();
    pool.declare(["10.0.0.254-10.0.1.1", "10.1.0.0/31"]);
    const given = ["a", "b", "c", "d", "e", "f", "g"].map((name) => pool.addressOf(name));
    assert.deepEqual(given, ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1", "10.1.0.0", "10.1.0.1", undefined]);
    assert.equal(pool.addressOf("b"), "10.0.0.255");
  });

  it("do not depend on who asks first, for names that are expected", () => {
    const [one, two] = [new AddressPool(["a", "b", "c"]), new AddressPool(["a", "b", "c"])];
    const first = { a: one.addressOf("a"), c: one.addressOf("c"), b: one.addressOf("b") };
    const second = { c: two.addressOf("c"), b: two.addressOf("b"), a: two.addressOf("a") };
    assert.deepEqual(first, second);
    assert.equal(one.addressOf("other"), "192.168.49.243");
  });

  it("may be asked for by value, and are then not given to others", () => {
    const pool = new AddressPool();
    assert.equal(pool.addressOf("fixed", "192.168.49.240"), "192.168.49.240");
    assert.equal(pool.addressOf("free"), "192.168.49.241");
  });

  it("ignore ranges that are none", () => {
    const pool = new AddressPool();
    pool.declare(["nonsense", "10.0.0.5-10.0.0.1", "10.0.0.0/40", 7]);
    assert.equal(pool.addressOf("a"), "192.168.49.240");
  });
});
