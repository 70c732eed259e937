import { runMain } from "../terminal/main.ts";
import { compareCommand } from "./command.ts";

await runMain(() => compareCommand(process.argv.slice(2)));
