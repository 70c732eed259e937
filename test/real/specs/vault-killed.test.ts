import assert from "node:assert/strict";
import { textList } from "../../../lab/manifests/fields.ts";
import { stepName } from "../program/step.ts";
import { provesIssuing } from "../vault/issuing.ts";
import { Story } from "../vault/story.ts";

describe("Vault of learn-05, its steps killed with SIGKILL after every single change", function () {
  this.timeout(900_000);
  this.bail(true);
  const story = new Story("learn-05", 5);

  before(() => story.begin());
  after(() => story.lab.stop());

  it("never loses its keys when initialising is killed at once: the next run has them, and they open it", async () => {
    const pods = story.steps.find((one) => stepName(one) === "vault-pods");
    const init = story.steps.find((one) => stepName(one) === "vault-init");
    assert.ok(pods && init);
    assert.equal((await story.run(pods)).code, 0);
    // while Vault makes the keys; and again when it has told them, before they are in the Secret
    for (const kill of ["during 1", "after 1"])
      assert.equal((await story.run(init, "create", kill)).signal, "SIGKILL", kill);
    await story.run(init, "create", "after 1");
    const result = await story.run(init);
    assert.equal(result.code, 0, result.stderr);
    await story.lab.startUnsealer();
  });

  it("converges: each step, killed after each change that it makes and run again, comes to its end", async () => {
    let kills = 0;
    for (const step of story.steps) {
      let allowed = 1;
      let before: string[] = [];
      for (let run = 0; ; run++) {
        assert.ok(run < 40, `${stepName(step)} does not come to an end`);
        story.changes();
        const result = await story.run(step, "create", `after ${allowed}`);
        const made = story.changes();
        if (result.signal !== "SIGKILL") {
          assert.equal(result.code, 0, `${stepName(step)}: ${result.stderr}`);
          break;
        }
        kills++;
        // a change that leaves nothing behind (a signing request) is made again: go on one further
        allowed = made[0] === before[0] ? allowed + 1 : 1;
        before = made;
      }
    }
    assert.ok(kills > 20, `only ${kills} kills`);
  });

  it("changes nothing when every step is run again", async () => {
    story.changes();
    await story.runAgain();
    assert.deepEqual(story.changes(), []);
  });

  it("has one authority in each engine, and one key for it", async () => {
    const api = await story.api();
    for (const mount of ["pki", "pki_int"]) {
      const keys = textList((await api.send("LIST", `${mount}/keys`)).body.data.keys);
      assert.equal(keys.length, 1, mount);
    }
  });

  it("has every server read a renewed listener certificate without a restart", async () => {
    const step = story.steps.find((one) => stepName(one) === "vault-certificate");
    assert.ok(step);
    const result = await story.run(step, "update");
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(await story.sealed(), [false, false, false]);
  });

  provesIssuing(story);
});
