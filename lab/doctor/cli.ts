import { runMain } from "../terminal/main.ts";
import { doctorCommand } from "./command.ts";

await runMain(() => doctorCommand(process.argv.slice(2)));
