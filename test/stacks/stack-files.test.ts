import assert from "node:assert/strict";
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { stackFileSchemaText } from "../../tools/stack-schema.ts";
import { loadPrototype, stackNames, stackText, stackValues } from "../support/stack-files.ts";

/** The passphrase the README documents: none. It protects nothing, and nothing in these files needs protecting. */
const passphrase = "";

/** Pulumi's passphrase provider: PBKDF2-SHA256, a million rounds, AES-256-GCM over the word "pulumi". */
function openSalt(encryptionsalt: string): string {
  const [, salt = "", , nonce = "", sealed = ""] = encryptionsalt.split(":");
  const key = pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
  const data = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(data.subarray(-16));
  return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString();
}

describe("stack files", () => {
  it("are the thirteen of the prototypes", () => {
    assert.deepEqual(stackNames(), [
      "learn-01",
      "learn-02",
      "learn-03",
      ...["01", "02", "03", "04", "05", "06", "07"].map((variant) => `learn-03-${variant}`),
      "learn-04",
      "learn-05",
      "learn-06",
    ]);
  });

  it("tell learn-03 and its last variant as the same story", () => {
    assert.deepEqual(stackValues("learn-03"), stackValues("learn-03-07"));
  });

  it("differ between variants 01 and 02 in one word, the namespace of bookinfo", () => {
    const text = JSON.stringify(stackValues("learn-03-01"));
    assert.equal(
      text.replace('"namespace":"default"', '"namespace":"book"'),
      JSON.stringify(stackValues("learn-03-02")),
    );
  });

  it("have a schema for editors that is made from the one schema and current", () => {
    assert.equal(readFileSync(new URL("../../stacks/schema.json", import.meta.url), "utf8"), stackFileSchemaText());
  });

  for (const stack of stackNames()) {
    describe(stack, () => {
      it("fits on one screen and names the schema", () => {
        const lines = stackText(stack).trimEnd().split("\n");
        assert.ok(lines.length <= 60, `${lines.length} lines`);
        assert.equal(lines[0], "# yaml-language-server: $schema=./schema.json");
      });

      it("is a valid stack", () => {
        assert.equal(loadPrototype(stack).wiring, "error");
      });

      it("is opened by the documented passphrase", () => {
        assert.equal(openSalt(parse(stackText(stack)).encryptionsalt), "pulumi");
      });
    });
  }
});
