import { fileURLToPath } from "node:url";
import { runInside } from "../lab/namespace.ts";

// stands in for the runner: starts a lab and waits for it
const fixture = fileURLToPath(new URL("./runner-fixture.ts", import.meta.url));
await runInside({ args: [fixture], env: {}, onMessage: () => undefined });
