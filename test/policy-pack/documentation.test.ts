import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { policies } from "../../policy-pack/policies.ts";
import { type Settings, type StackResource, violationsOf } from "../../policy-pack/violations.ts";
import { rehearsed } from "../support/rehearsed.ts";

const page = readFileSync(new URL("../../docs/policy-pack.md", import.meta.url), "utf8");

/** The fenced blocks of the page in a language, in order. */
function blocks(language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, found, text = ""]) =>
    found === language ? [text.trim()] : [],
  );
}

/** What the page's example says for each policy, as `--policy-pack-config` takes it. */
const configurations = blocks("json").map((text): Record<string, Settings> => JSON.parse(text));

describe("docs/policy-pack.md", () => {
  it("configures policies and settings that there are", () => {
    const known = new Map(
      policies.map(({ name, configSchema }) => [name, Object.keys(configSchema?.properties ?? {})]),
    );
    assert.equal(configurations.length, 2);
    for (const [name, settings] of configurations.flatMap((one) => Object.entries(one))) {
      const words = [...(known.get(name) ?? []), "enforcementLevel"];
      assert.ok(known.has(name), `no policy ${name}`);
      for (const word of Object.keys(settings)) assert.ok(words.includes(word), `${name} has no setting ${word}`);
    }
  });

  it("quotes what is said of the unsealer's Secret, and the example makes it pass", async () => {
    const { registrations } = await rehearsed("learn-05");
    const resources = registrations.map(({ type, urn, outputs }): StackResource => ({ type, urn, props: outputs }));
    const messages = async (settings?: Settings) =>
      (await violationsOf(resources, "error", settings)).map(({ message }) => message);
    assert.deepEqual(await messages(), blocks("text"));
    const provided = configurations.at(-1)?.wiring;
    assert.deepEqual(provided?.provided, ["Secret/vault/vault-unseal"]);
    assert.deepEqual(await messages(provided), []);
    assert.equal((await messages({ provided: ["Secret/vault/vault-unsealed"] })).length, 1);
  });
});
