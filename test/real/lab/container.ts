import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { context } from "./context.ts";
import type { Pod } from "./pod.ts";
import { Service } from "./service.ts";
import { eventually } from "./wait.ts";

/** A directory or file that a container sees at `target`. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

export interface ContainerOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** directory of the programs it finds in /bin */
  readonly image: string;
  /** the hosts file, shared by all */
  readonly hosts: string;
  readonly ready?: () => Promise<boolean>;
}

/**
 * A directory of static programs that serves as an image's /bin: busybox with a link for every applet, and `programs`
 * (name → path). The official Vault image is Alpine: busybox and Vault too.
 */
export async function makeImage(name: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(context().directory, "images", name);
  if (existsSync(directory)) return directory;
  mkdirSync(directory, { recursive: true });
  const busybox = await execa("sh", ["-c", "command -v busybox"], { reject: false });
  if (busybox.exitCode !== 0)
    throw new Error("busybox is not installed; the containers of the lab need it (Debian, Ubuntu: busybox-static)");
  copyFileSync(busybox.stdout.trim(), join(directory, "busybox"));
  const { stdout } = await execa("busybox", ["--list"]);
  for (const applet of stdout.split("\n")) if (applet !== "busybox") symlinkSync("busybox", join(directory, applet));
  // Alpine's busybox has it, Debian's has not
  if (!existsSync(join(directory, "nohup")))
    writeFileSync(join(directory, "nohup"), "#!/bin/sh\ntrap '' HUP\nexec \"$@\"\n", { mode: 0o755 });
  for (const [program, path] of Object.entries(programs)) {
    copyFileSync(path, join(directory, program));
    chmodSync(join(directory, program), 0o755);
  }
  return directory;
}

/**
 * A container of a pod: its own root directory, mounts and processes in the pod's network. When its first process ends,
 * everything in it ends, as in a real container.
 */
export class Container {
  readonly service: Service;
  private readonly pod: Pod;
  private readonly options: ContainerOptions;

  constructor(pod: Pod, options: ContainerOptions) {
    this.pod = pod;
    this.options = options;
    const directory = join(pod.directory, options.name);
    mkdirSync(directory, { recursive: true });
    const mounts = join(directory, "mounts");
    writeFileSync(mounts, options.mounts.map(({ source, target }) => `${source} ${target}\n`).join(""));
    for (const { source } of options.mounts) if (!existsSync(source)) throw new Error(`nothing to mount at ${source}`);
    const script = fileURLToPath(new URL("./container-root.sh", import.meta.url));
    this.service = new Service({
      name: `${pod.namespace}-${pod.name}-${options.name}`,
      command: "ip",
      args: [
        ...["netns", "exec", pod.networkNamespace],
        ...["unshare", "--mount", "--pid", "--fork", "--kill-child"],
        ...["sh", script, join(directory, "root"), options.image, mounts, options.hosts],
        ...["/bin/env", "-i", ...Object.entries(this.environment()).map(([key, value]) => `${key}=${value}`)],
        ...options.command,
      ],
      ready: options.ready ?? (async () => true),
    });
  }

  private environment(): Record<string, string> {
    return { PATH: "/bin", HOME: "/root", ...this.options.env };
  }

  /** What `kubectl exec` needs: the first process, and the variables, a line each (cluster/kubectl.sh). */
  private get entry(): string {
    return join(this.pod.directory, `${this.options.name}.entry`);
  }

  /** Starts it; does not wait for it to be ready. */
  async start(): Promise<this> {
    this.service.spawn();
    const pid = await eventually(`the first process of ${this.service.options.name}`, 10, () => {
      if (!this.service.running) throw new Error(`it ${this.service.tail()}`);
      return this.firstProcess();
    });
    const variables = Object.entries(this.environment()).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(this.entry, `${pid}\n${variables.join("")}`);
    return this;
  }

  /** SIGKILL to its first process, as the kubelet or the kernel's memory guard would. */
  async kill(): Promise<void> {
    rmSync(this.entry, { force: true });
    const pid = this.firstProcess();
    if (pid !== null) process.kill(pid, "SIGKILL");
    await this.service.ended(10);
  }

  async stop(): Promise<void> {
    await this.kill();
  }

  /** The process that is 1 inside, by its number in the lab; null when it is not running. */
  firstProcess(): number | null {
    const outer = this.service.pid;
    if (outer === undefined || !this.service.running) return null;
    try {
      const children = readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").trim();
      return children ? Number(children.split(" ")[0]) : null;
    } catch {
      return null;
    }
  }
}
