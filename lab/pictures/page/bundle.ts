import { fileURLToPath } from "node:url";

let bundled: Promise<string> | undefined;

/**
 * The page's script as one piece of JavaScript: the browser part with the very code that reads topologies and matches
 * requests elsewhere. Bundled once for each run.
 */
export function pageScript(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../browser/main.ts", import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
