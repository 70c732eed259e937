import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { readManifests } from "../../lab/manifests/read.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\n`;

describe("reading manifest files", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "manifests-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const fails = async (paths: string[], message: RegExp) => {
    await assert.rejects(readManifests(paths), (error) => {
      assert.ok(error instanceof VisibleError);
      assert.equal(error.exitCode, 2);
      assert.match(error.message, message);
      return true;
    });
  };

  it("reads a directory in order of names, its folders too, and leaves other files aside", async () => {
    await mkdir(join(directory, "sub"));
    await writeFile(join(directory, "b.yaml"), service("b"));
    await writeFile(join(directory, "a.yml"), service("a"));
    await writeFile(
      join(directory, "sub", "c.json"),
      JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "c" } }),
    );
    await writeFile(join(directory, "README.md"), "# not a manifest");
    for (const folder of [".github", "node_modules"]) {
      await mkdir(join(directory, folder));
      await writeFile(join(directory, folder, "x.yaml"), "on: push");
    }
    await writeFile(join(directory, "kustomization.yaml"), "resources: [b.yaml]");
    const found = await readManifests([directory]);
    assert.deepEqual(
      found.map(({ object }) => object.metadata.name),
      ["a", "b", "c"],
    );
    assert.equal(found[1]?.source?.file, join(directory, "b.yaml"));
  });

  it('reads standard input as "-"', async () => {
    const found = await readManifests(["-"], Readable.from([service("a")]));
    assert.deepEqual(
      found.map(({ source }) => source),
      [{ file: "-", line: 1 }],
    );
  });

  it("tells all mistakes of all files at once", async () => {
    await writeFile(join(directory, "a.yaml"), "kind: Service");
    await writeFile(join(directory, "b.yaml"), "x: [");
    await fails([directory], /a\.yaml:1: Service has no apiVersion\n.*b\.yaml:1:5: not readable as YAML/s);
  });

  it("refuses a path that does not exist", () => fails([join(directory, "none.yaml")], /none\.yaml: no such file/));

  it("refuses an empty directory, an empty file, and comments alone", async () => {
    await fails([directory], /holds no manifest/);
    await writeFile(join(directory, "a.yaml"), "# nothing\n---\n");
    await fails([join(directory, "a.yaml")], /a\.yaml: holds no manifest/);
  });
});
