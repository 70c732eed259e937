import { runMain } from "../terminal/main.ts";
import { serveCommand } from "./command.ts";

void runMain(() =>
  serveCommand(process.argv.slice(2), {
    stdin: process.stdin,
    isTerminal: process.stdout.isTTY,
    out: (text) => void process.stdout.write(text),
    say: (message) => void process.stderr.write(`${message}\n`),
    interrupted: () =>
      new Promise((resolve) => {
        process.once("SIGINT", () => resolve());
        process.once("SIGTERM", () => resolve());
      }),
  }),
);
