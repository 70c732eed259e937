import { pathToFileURL } from "node:url";
import { execa } from "execa";

/** Opens a file with the desktop's own program; where there is none, its address is printed. */
export async function openPage(file: string): Promise<void> {
  const { href } = pathToFileURL(file);
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open", href]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", href]
        : ["xdg-open", href];
  const { failed } = await execa(command ?? "xdg-open", args, { reject: false, stdio: "ignore", timeout: 5000 });
  if (failed) process.stderr.write(`no browser could be opened; the page is ${href}\n`);
}
