import { program } from "../lab/context.ts";

// a "test file" that starts what its part has not
program("no-such-program");
it("never runs", () => undefined);
