import { fileURLToPath } from "node:url";

/** The scripts: "main" for a stack's page, "fields" for a page that has buttons for fields only. */
const ENTRIES = { main: "../browser/main.ts", fields: "../browser/fields-main.ts" } as const;

const bundled = new Map<keyof typeof ENTRIES, Promise<string>>();

/**
 * A page's script as one piece of JavaScript: the browser part with the very code that reads topologies and matches
 * requests elsewhere. Bundled once for each run.
 */
export function pageScript(name: keyof typeof ENTRIES = "main"): Promise<string> {
  const script = bundled.get(name) ?? bundle(ENTRIES[name]);
  bundled.set(name, script);
  return script;
}

async function bundle(entry: string): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
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
