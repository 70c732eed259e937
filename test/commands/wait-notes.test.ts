import assert from "node:assert/strict";
import { WaitNotes } from "../../components/commands/wait-notes.ts";

describe("notes of what a step waits for", () => {
  it("tell it when it changes, and again every half minute with the time it has taken", () => {
    const said: string[] = [];
    let now = 1_000_000;
    const notes = new WaitNotes(
      (line) => said.push(line),
      () => now,
    );
    for (let second = 0; second <= 75; second += 1) {
      notes.note(second < 40 ? "vault-0 is Pending" : "vault-0 waits: ContainerCreating");
      now += 1000;
    }
    assert.deepEqual(said, [
      "vault-0 is Pending",
      "vault-0 is Pending (30 s so far)",
      "vault-0 waits: ContainerCreating",
      "vault-0 waits: ContainerCreating (1 min 10 s so far)",
    ]);
  });
});
