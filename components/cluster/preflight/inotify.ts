import { readFileSync } from "node:fs";

/** What a node with a dozen pods needs, by experience: https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
const needed = { max_user_watches: 524_288, max_user_instances: 512 } as const;

/**
 * Containers share the limits of the Linux they run on; too low, and pods fail one after the other with "too many open
 * files". A warning, not a failure: it depends on what else watches files. Nothing elsewhere than on Linux.
 */
export function inotifyWarning(read: (limit: string) => string | undefined = readLimit): string | undefined {
  const low = Object.entries(needed).flatMap(([limit, least]) => {
    const found = Number(read(limit) ?? Number.NaN);
    return found < least ? [{ limit: `fs.inotify.${limit}`, found, least }] : [];
  });
  if (low.length === 0) return undefined;
  const found = low.map(({ limit, found, least }) => `${limit} is ${found}, better ${least}`).join("; ");
  const mend = low.map(({ limit, least }) => `${limit}=${least}`).join(" ");
  return `${found}. Pods may fail with "too many open files". To raise it until the next boot: sudo sysctl ${mend}`;
}

function readLimit(limit: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/fs/inotify/${limit}`, "utf8");
  } catch {
    return undefined;
  }
}
