import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { images, pins } from "../../config/versions.ts";

const root = new URL("../../", import.meta.url);
interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
}

/** Values that Renovate would find in a file of the project. */
function found(file: string): string[] {
  const { customManagers }: { customManagers: Manager[] } = JSON.parse(
    readFileSync(new URL("renovate.json", root), "utf8"),
  );
  const text = readFileSync(new URL(file, root), "utf8");
  return customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)),
    )
    .flatMap(({ matchStrings }) =>
      matchStrings.flatMap((match) =>
        [...text.matchAll(new RegExp(match, "g"))].map((hit) => hit.groups?.currentValue ?? ""),
      ),
    );
}

describe("renovate.json", () => {
  it("finds every pin, once", () => {
    assert.deepEqual(
      found("config/versions.ts").sort(),
      Object.values(pins)
        .map(({ version }) => version)
        .sort(),
    );
  });

  it("finds every image that the program names itself", () => {
    const { bookinfo, ...others } = images;
    const tags = [...Object.values(others), ...Object.values(bookinfo)].map((image) => image.split(":")[1]);
    assert.deepEqual(found("config/versions/images.ts").sort(), tags.sort());
  });
});
