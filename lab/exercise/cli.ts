import { runMain } from "../terminal/main.ts";
import { exerciseCommand } from "./command.ts";

await runMain(() => exerciseCommand(process.argv.slice(2)));
