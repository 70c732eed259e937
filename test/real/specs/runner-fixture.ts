import { execa } from "execa";

// a "test file" of an inner lab that starts a detached process and hangs
before(async function () {
  this.timeout(0);
  execa("setsid", ["sleep", "86401"], { detached: true, reject: false });
  await new Promise(() => undefined);
});
it("never runs", () => undefined);
