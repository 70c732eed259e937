import { writeFileSync } from "node:fs";
import { stackFileSchemaText } from "./stack-schema.ts";

/** Everything in the repository that is made from code; `npm test` fails when one of them is not current. */
writeFileSync(new URL("../stacks/schema.json", import.meta.url), stackFileSchemaText());
process.stdout.write("wrote stacks/schema.json\n");
