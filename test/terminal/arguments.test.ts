import assert from "node:assert/strict";
import { Command } from "commander";
import { usageAsTyped } from "../../lab/terminal/arguments.ts";

describe("the help of a command", () => {
  const usage = (program: Command) => usageAsTyped(program).helpInformation().split("\n", 1)[0];

  it("shows the command as it is typed", () => {
    assert.equal(usage(new Command("verify").argument("[stack]")), "Usage: npm run verify -- [options] [stack]");
    assert.equal(usage(new Command("start").argument("[stack]")), "Usage: npm start -- [options] [stack]");
  });
});
