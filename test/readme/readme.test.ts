import assert from "node:assert/strict";
import { execa } from "execa";
import { commandsOf } from "../../tools/docs/commands.ts";
import { readPage } from "../../tools/docs/pages.ts";
import { Place } from "./place.ts";
import { type PretendedCluster, pretendedCluster } from "./pretended-cluster.ts";
import { runs } from "./runs.ts";

// Commands for a cluster meet a pretended pulumi and kubectl; everything else is real.
describe("the README's commands, as written", function () {
  this.timeout(120_000);
  let cluster: PretendedCluster;
  let place: Place;
  before(async function () {
    if (process.platform === "win32") this.skip(); // the README writes for a POSIX shell
    cluster = await pretendedCluster("learn-05");
    place = new Place(cluster);
  });
  after(async () => {
    place?.remove();
    await cluster?.close();
  });

  it("are all known here, and no others", () => {
    assert.deepEqual(Object.keys(runs).sort(), commandsOf(readPage("README.md")).sort());
  });

  for (const [command, how] of Object.entries(runs)) {
    if ("notRun" in how) continue;
    it(command, async function () {
      const missing =
        command.startsWith("npm start -- learn-05 --serve") &&
        (await execa("curl", ["--version"], { reject: false })).failed;
      if (missing) this.skip();
      place.calls(); // of commands before
      await how.run(place, command);
    });
  }
});
