import { prototypeSchema } from "../config/schema.ts";
import { z } from "../config/zod.ts";

/** JSON Schema of a whole stack file (`Pulumi.<stack>.yaml`), for editors that complete and check YAML. */
export function stackFileSchema(): object {
  const { $schema, properties, $defs, required } = z.toJSONSchema(prototypeSchema, { io: "input", reused: "inline" });
  return {
    $schema,
    title: "A stack of the learning prototypes",
    ...($defs ? { $defs } : {}),
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(properties ?? {}).map(([key, schema]) => [`learn:${key}`, schema]),
        ),
        required: (required ?? []).map((key) => `learn:${key}`),
        patternProperties: { "^(?!learn:)[^:]+:.+$": { description: "configuration of a Pulumi provider" } },
        additionalProperties: false,
      },
      encryptionsalt: { type: "string", description: "of Pulumi's passphrase secrets provider" },
      secretsprovider: { type: "string" },
      encryptedkey: { type: "string" },
    },
    required: ["config"],
    additionalProperties: false,
  };
}

/** The text of `stacks/schema.json`. */
export function stackFileSchemaText(): string {
  return `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`;
}
