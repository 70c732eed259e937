import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UNKNOWN } from "../../lab/manifests/unknown.ts";
import { readProject, splitArguments } from "../../lab/rehearsal/engine/project.ts";
import { configOf, readStackConfig } from "../../lab/rehearsal/engine/stack-config.ts";
import { makeUrn } from "../../lab/rehearsal/engine/urn.ts";
import { type Rehearsed, rehearse } from "../../lab/rehearsal/rehearse.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";

const directory = join(dirname(fileURLToPath(import.meta.url)), "fixtures/small");

/** What must be equal between two runs: everything but keys, certificates and the order of independent resources. */
function shape({ registrations, outputs }: Rehearsed) {
  const resources = registrations.map(({ urn, parent, dependencies, provider, custom, deletedWith, object }) => {
    return { urn, parent, dependencies: [...dependencies].sort(), provider, custom, deletedWith, object };
  });
  resources.sort((a, b) => a.urn.localeCompare(b.urn));
  return { resources, outputs: Object.keys(outputs).sort(), address: outputs.address };
}

describe("the in-process engine", () => {
  it("runs a program as the language host would, and inside this process with the same result", async function () {
    this.timeout(60000);
    const spawned = await rehearse("small", { directory });
    const here = await rehearse("small", { directory, run: "here" });
    assert.deepEqual(shape(spawned), shape(here));
    assert.equal(spawned.registrations.length, 10);
    assert.equal(spawned.outputs.address, "192.168.49.240");
  });

  it("gives outputs that are only made at an update as unknown in a preview, by either way of running", async function () {
    this.timeout(60000);
    const spawned = await rehearse("small", { directory, preview: true });
    const here = await rehearse("small", { directory, preview: true, run: "here" });
    for (const { outputs, registrations } of [spawned, here]) {
      assert.equal(outputs.chain, UNKNOWN);
      assert.equal(outputs.size, "1.3");
      const provider = registrations.find(({ type }) => type === "pulumi:providers:kubernetes");
      assert.deepEqual(provider?.inputs, { context: UNKNOWN });
    }
  });

  it("passes configuration as the engine does: numbers through float64, keys of objects in alphabetical order", async () => {
    const project = await readProject(directory);
    const { values } = await readStackConfig(join(directory, "stacks/Pulumi.small.yaml"), project);
    assert.equal(values["small:size"], "1.3");
    assert.equal(values["small:fruit"], '{"apple":["b","a"],"no":"yes","pear":1.3}');
    assert.equal(values["pulumi:disable-default-providers"], '["kubernetes"]');
  });

  it("refuses an encrypted value, which a rehearsal cannot open", () => {
    assert.throws(() => configOf({ "a:b": { deep: [{ secure: "v1:x" }] } }, "Pulumi.x.yaml"), /a:b is encrypted/);
    assert.equal(configOf({ "a:b": { secure: 1 } }).values["a:b"], '{"secure":1}');
  });

  it("records parents, dependencies, providers and objects", async () => {
    const { registrations } = await rehearse("small", { directory, run: "here" });
    const gateway = registrations.find(({ name }) => name === "orchard-gateway");
    assert.equal(gateway?.parent?.endsWith("::orchard"), true);
    assert.deepEqual(
      gateway?.dependencies.map((urn) => urn.split("::").at(-1)),
      ["orchard-namespace"],
    );
    assert.match(gateway?.provider ?? "", /pulumi:providers:kubernetes::kubernetes::/);
    assert.equal(gateway?.object?.kind, "Gateway");
    assert.equal(
      gateway?.urn,
      "urn:pulumi:small::small::small:orchard:Orchard$kubernetes:gateway.networking.k8s.io/v1:Gateway::orchard-gateway",
    );
  });

  it("leaves the stack out of the types of a URN and keeps components in", () => {
    const stack = makeUrn("dev", "p", "", "pulumi:pulumi:Stack", "p-dev");
    const outer = makeUrn("dev", "p", stack, "a:b:Outer", "o");
    const inner = makeUrn("dev", "p", outer, "a:b:Inner", "i::with::colons");
    assert.equal(stack, "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev");
    assert.equal(outer, "urn:pulumi:dev::p::a:b:Outer::o");
    assert.equal(inner, "urn:pulumi:dev::p::a:b:Outer$a:b:Inner::i::with::colons");
  });

  it("splits node's arguments at white space outside of quotes", () => {
    assert.deepEqual(splitArguments(`--import tsx/esm --require './a b.cjs' --x="1 2"`), [
      "--import",
      "tsx/esm",
      "--require",
      "./a b.cjs",
      "--x=1 2",
    ]);
  });

  const failures: Record<string, RegExp> = {
    throw: /^the program of stack throw failed\n {2}the orchard is closed$/,
    "run-error": /^the program of stack run-error failed\n {2}learn:apps.mango: expected fruit$/,
    apply: /^the program of stack apply failed\n {2}a worm in the apple$/,
    duplicate:
      /^the program of stack duplicate failed\n {2}Duplicate resource URN '[^']*::orchard'; try giving it a unique name$/,
    "default-provider":
      /Default provider for 'kubernetes' disabled\. 'kubernetes:core\/v1:Namespace' must use an explicit provider\.$/,
  };
  for (const [stack, message] of Object.entries(failures)) {
    it(`tells one message, without a stack trace, when a program fails (${stack})`, async () => {
      await assert.rejects(rehearse(stack, { directory, run: "here" }), (error) => {
        assert(error instanceof VisibleError);
        assert.match(error.message, message);
        assert.equal(error.exitCode, 1);
        return true;
      });
    });
  }

  it("tells the same messages when the program runs in a process of its own", async function () {
    this.timeout(60000);
    for (const stack of ["apply", "duplicate"]) {
      await assert.rejects(rehearse(stack, { directory }), ({ message }) => {
        assert.match(message, failures[stack] ?? /^$/);
        return true;
      });
    }
  });

  it("names the nearest stack when there is none of that name", async () => {
    await assert.rejects(
      rehearse("smal", { directory }),
      /no stack named smal; did you mean small\?\n {2}stacks: apply, /,
    );
    await assert.rejects(rehearse("./nowhere.yaml", { directory }), /cannot read .*nowhere\.yaml: no such file/);
  });
});
