import { runMain } from "../terminal/main.ts";
import { verifyCommand } from "./command.ts";

await runMain(() => verifyCommand(process.argv.slice(2)));
