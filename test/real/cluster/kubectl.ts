import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { program } from "../lab/context.ts";

/** Makes the built kubectl the one that commands of this process find, by a new directory at the head of PATH. */
export function putKubectlOnPath(directory: string): void {
  mkdirSync(directory);
  symlinkSync(program("kubectl"), join(directory, "kubectl"));
  process.env.PATH = [directory, process.env.PATH].join(delimiter);
  // discovery is kept between kubectl's runs, in the home directory unless told otherwise
  process.env.KUBECACHEDIR = join(directory, "..", "kube-cache");
}
