// A desktop that only pretends to open a page.
import { appendFileSync } from "node:fs";

appendFileSync(process.env.PRETENDED_CALLS, `${JSON.stringify({ call: `open ${process.argv[2]}` })}\n`);
