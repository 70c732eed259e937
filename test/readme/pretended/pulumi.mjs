// A pulumi that only pretends: it notes how it was called, and prints the outputs that the test has for the stack.
import { appendFileSync, readFileSync } from "node:fs";

const args = process.argv.slice(2);
const { PRETENDED_CALLS: calls, PRETENDED_OUTPUTS: outputs, PULUMI_CONFIG_PASSPHRASE: passphrase } = process.env;
if (args[0] === "version") console.log("v3.248.0");
else {
  appendFileSync(calls, `${JSON.stringify({ call: args.join(" "), directory: process.cwd(), passphrase })}\n`);
  if (args.join(" ").startsWith("stack output --json")) process.stdout.write(readFileSync(outputs));
  else console.log(`pretended: pulumi ${args.join(" ")}`);
}
