import { readdir, readFile, readlink } from "node:fs/promises";
import { execa } from "execa";

/** The program that listens on a TCP port of this machine ("nginx, process 4711"), when it can be found out. */
export async function portOwner(port: number): Promise<string | undefined> {
  return process.platform === "linux" ? fromProc(port) : fromLsof(port);
}

/** Linux: the socket's inode in /proc/net/tcp, then the process that has it open. Other users' processes stay unseen. */
async function fromProc(port: number): Promise<string | undefined> {
  const inodes = new Set<string>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const table = await readFile(file, "utf8").catch(() => "");
    for (const line of table.split("\n").slice(1)) {
      const columns = line.trim().split(/\s+/);
      const [, local, , state] = columns;
      const isListening = state === "0A";
      const inode = columns[9];
      if (isListening && inode !== undefined && Number.parseInt(local?.split(":")[1] ?? "", 16) === port) {
        inodes.add(`socket:[${inode}]`);
      }
    }
  }
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      if (!inodes.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ""))) continue;
      const name = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "a program")).trim();
      return `${name}, process ${pid}`;
    }
  }
  return undefined;
}

async function fromLsof(port: number): Promise<string | undefined> {
  const { stdout, exitCode } = await execa("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], { reject: false });
  const pid = /^p(\d+)/m.exec(stdout ?? "")?.[1];
  const name = /^c(.+)/m.exec(stdout ?? "")?.[1];
  return exitCode === 0 && pid !== undefined ? `${name ?? "a program"}, process ${pid}` : undefined;
}
