import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { copyProject } from "../support/project-copy.ts";
import { until } from "./until.ts";

const PRETENDED = fileURLToPath(new URL("pretended/", import.meta.url));

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call of the pretended pulumi or desktop. */
export interface NotedCall {
  readonly call: string;
  readonly directory?: string;
  readonly passphrase?: string;
}

/** A running command that was started to be ended by Ctrl-C. */
export interface Running {
  /** What it has printed when all of it matches. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Presses Ctrl-C. */
  end(): Promise<Said>;
}

/**
 * A copy of the project in which a shell runs commands as the README has them. pulumi, kubectl and the desktop's opener only
 * pretend; all else on PATH is the machine's own.
 */
export class Place {
  readonly directory: string;
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), "readme-")));
  readonly #env: Record<string, string | undefined>;

  constructor(cluster: { readonly url: string; readonly outputs: object }) {
    this.directory = join(this.#root, "learn-ingress");
    const [bin, outputs] = [join(this.#root, "bin"), join(this.#root, "outputs.json")];
    mkdirSync(bin);
    copyProject(this.directory);
    for (const name of ["pulumi", "kubectl", "xdg-open"]) {
      const script = `#!/bin/sh\nexec "${process.execPath}" "${PRETENDED}${name}.mjs" "$@"\n`;
      for (const program of name === "xdg-open" ? [name, "open"] : [name])
        writeFileSync(join(bin, program), script, { mode: 0o755 });
    }
    writeFileSync(outputs, JSON.stringify(cluster.outputs));
    writeFileSync(join(this.#root, "calls"), "");
    this.#env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI|npm)_|^INIT_CWD$/.test(name))),
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
      MINIKUBE_HOME: this.#root,
      NO_COLOR: "1",
      PRETENDED_CALLS: join(this.#root, "calls"),
      PRETENDED_OUTPUTS: outputs,
      PRETENDED_CLUSTER: cluster.url,
    };
  }

  /** Runs lines in one shell, to the end. */
  async run(...lines: readonly string[]): Promise<Said> {
    const { exitCode, stdout, stderr } = await execa("sh", ["-c", lines.join("\n")], this.#options());
    return { code: exitCode ?? 1, stdout, stderr };
  }

  start(line: string): Running {
    // The process group gets the signal, as it does from a terminal.
    const child = execa("sh", ["-c", line], { ...this.#options(), detached: true });
    let [printed, ended] = ["", false];
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    void child.finally(() => {
      ended = true;
    });
    return {
      prints: async (pattern) => {
        await until(() => ended || pattern.test(printed));
        const match = pattern.exec(printed);
        if (match === null) throw new Error(`${line} ended and never printed ${pattern}: ${(await child).stderr}`);
        return match;
      },
      end: async () => {
        if (child.pid !== undefined && !ended) process.kill(-child.pid, "SIGINT");
        const { exitCode, stdout, stderr } = await child;
        return { code: exitCode ?? 1, stdout, stderr };
      },
    };
  }

  /** Calls of the pretended programs since the last time this was asked. */
  calls(): NotedCall[] {
    const file = join(this.#root, "calls");
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, "");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), "utf8");
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), content);
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #options() {
    return { cwd: this.directory, env: this.#env, extendEnv: false, reject: false, stdin: "ignore" } as const;
  }
}
