import assert from "node:assert/strict";
import { join } from "node:path";
import { fieldsAt, text } from "../../lab/manifests/fields.ts";
import { readProject } from "../../lab/rehearsal/engine/project.ts";
import { STACK_TYPE } from "../../lab/rehearsal/engine/urn.ts";
import { prepare, run } from "../../lab/rehearsal/prepare.ts";
import { stage } from "../../lab/rehearsal/rehearsal.ts";
import { type Rehearsed, stackNames } from "../../lab/rehearsal/rehearse.ts";

const names = await stackNames(await readProject());

/** Stacks that are brought up in a process of their own, too; LEARN_SMOKE=all: every one, which takes a minute more. */
const UPDATED = process.env.LEARN_SMOKE === "all" ? names : ["learn-01", "learn-05", "learn-06"];

/** Everything a stack registers, without what is random or made anew. */
function resources({ registrations }: Rehearsed) {
  return registrations.map(({ urn, parent, custom, dependencies, deletedWith }) => {
    return { urn, parent, custom, dependencies: [...dependencies].sort(), deletedWith };
  });
}

const runsHere = new Map<string, Promise<Rehearsed>>();

/** A stack's run inside this process, made once for all tests of it. */
function runHere(stack: string): Promise<Rehearsed> {
  const known = runsHere.get(stack) ?? prepare(stack).then((prepared) => run(prepared, { run: "here" }));
  runsHere.set(stack, known);
  return known;
}

/** Runs through cmd/run, started together and done two at a time: each takes a second or two. */
class SpawnedRuns {
  readonly #runs = new Map<string, Promise<Rehearsed>>();
  #turn: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];

  start(stack: string, preview: boolean): void {
    const lane = this.#runs.size % 2;
    const work = (this.#turn[lane] ?? Promise.resolve()).then(async () => run(await prepare(stack), { preview }));
    // A failure is told by the test that asks for it.
    this.#turn[lane] = work.catch(() => undefined);
    this.#runs.set(`${stack} ${preview}`, work);
    work.catch(() => undefined);
  }

  of(stack: string, preview: boolean): Promise<Rehearsed> {
    return this.#runs.get(`${stack} ${preview}`) ?? Promise.reject(new Error(`${stack} was not started`));
  }
}

describe("every stack", function () {
  this.timeout(240_000);

  it("is one of thirteen", () => {
    assert.equal(names.length, 13);
  });

  it("makes the ServiceAccounts of pods before the pods, which Kubernetes refuses otherwise", async () => {
    const counted: string[] = [];
    for (const stack of names) {
      const { registrations } = await runHere(stack);
      for (const { object, dependencies } of registrations) {
        const account = text(fieldsAt(object?.spec, "template", "spec").serviceAccountName);
        const namespace = object?.metadata.namespace;
        const made = registrations.find(
          ({ object: other }) =>
            other?.kind === "ServiceAccount" &&
            other.metadata.name === account &&
            other.metadata.namespace === namespace,
        );
        if (made === undefined) continue;
        counted.push(`${stack} ${object?.metadata.name}`);
        assert.ok(dependencies.includes(made.urn), `${stack}: ${object?.metadata.name} does not wait for ${made.urn}`);
      }
    }
    assert.ok(counted.some((one) => one === "learn-05 vault-unsealer") && counted.length > 5, counted.join(", "));
  });

  for (const stack of names) {
    it(`${stack} answers what it promises, with every wire whole and every certificate issued`, async () => {
      const prepared = await prepare(stack);
      const rehearsed = await runHere(stack);
      const { findings, certificates, outcomes, gateway } = await stage(rehearsed, prepared.prototype, {
        directory: join("out", stack),
      });
      await gateway.close();
      const wrong = outcomes.filter(({ ok }) => !ok).map(({ asked, expected, got }) => ({ asked, expected, got }));
      assert.deepEqual(wrong, []);
      assert.deepEqual(
        findings.filter(({ severity }) => severity === "error").map(({ rule, message }) => `${rule} ${message}`),
        [],
      );
      assert.deepEqual(
        certificates.filter(({ issuing }) => "refused" in issuing),
        [],
      );
      assert(outcomes.length >= 2, "a stack promises something");
    });
  }

  describe("through the language host's own run path", () => {
    const spawned = new SpawnedRuns();
    before(() => {
      for (const stack of names) {
        spawned.start(stack, true);
        if (UPDATED.includes(stack)) spawned.start(stack, false);
      }
    });

    for (const stack of names) {
      it(`${stack} registers in a preview what it registers in an update`, async () => {
        const preview = await spawned.of(stack, true);
        const here = await runHere(stack);
        assert.deepEqual(
          preview.registrations.map(({ urn }) => urn),
          here.registrations.map(({ urn }) => urn),
        );
        assert.equal(preview.registrations.filter(({ type }) => type === STACK_TYPE).length, 1);
        assert.deepEqual(Object.keys(preview.outputs).sort(), Object.keys(here.outputs).sort());
        assert.deepEqual(
          preview.log.filter(({ severity }) => severity === "error"),
          [],
        );
        // Messages are sent in order. One about a resource waits for its registration, which may wait for the gate, and the
        // gate waits for what is said of the machine: the program would end with nothing but "promises were still active".
        assert.deepEqual(
          preview.log.filter(({ urn }) => urn !== ""),
          [],
        );
      });
    }

    for (const stack of UPDATED) {
      it(`${stack} comes up, and registers the same as inside this process`, async () => {
        const update = await spawned.of(stack, false);
        const here = await runHere(stack);
        assert.deepEqual(resources(update), resources(here));
        assert.deepEqual(Object.keys(update.outputs).sort(), Object.keys(here.outputs).sort());
        assert.deepEqual(
          update.log.filter(({ severity }) => severity === "error"),
          [],
        );
      });
    }
  });
});
