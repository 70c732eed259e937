import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { program } from "../lab/context.ts";
import { API_ADDRESS, type ControlPlane } from "./control-plane.ts";

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ok = (stdout = ""): Answer => ({ code: 0, stdout, stderr: "" });
const ADDRESS = "127.0.0.1";

/**
 * Stands in for minikube: what it would do to a node is done to the lab itself. `start` copies ~/.minikube/files to the
 * node's paths, keeps the --extra-config list with the profile and starts the real API server with it; a plain `start`
 * takes the kept list again. As minikube does, see pkg/minikube/machine/filesync.go and bootstrapper/kubeadm.
 */
export class MinikubeStandIn {
  /** Every call that was made, to be looked at. */
  readonly calls: string[][] = [];
  readonly home: string;
  private readonly plane: ControlPlane;
  private readonly directory: string;
  private server: Server | null = null;
  private flags: readonly string[] = [];

  constructor(plane: ControlPlane) {
    this.plane = plane;
    this.directory = join(plane.directory, "minikube");
    this.home = join(this.directory, "home");
  }

  /** Environment for the program's steps: minikube, sudo and kubectl are found first on PATH. */
  async environment(): Promise<Record<string, string>> {
    const bin = join(this.directory, "bin");
    mkdirSync(bin, { recursive: true });
    const standIn = fileURLToPath(new URL("./minikube.mjs", import.meta.url));
    writeFileSync(join(bin, "minikube"), `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
    // on the node `sudo` is there; in the lab everything runs as root already
    writeFileSync(join(bin, "sudo"), '#!/bin/sh\nexec "$@"\n');
    for (const name of ["minikube", "sudo"]) chmodSync(join(bin, name), 0o755);
    if (!existsSync(join(bin, "kubectl"))) symlinkSync(program("kubectl"), join(bin, "kubectl"));
    // the node's directories, seen by this lab alone
    await execa("mount", ["-t", "tmpfs", "tmpfs", "/var/lib"]);
    const url = await this.listen();
    return {
      PATH: `${bin}:${process.env.PATH}`,
      LAB_MINIKUBE: url,
      MINIKUBE_HOME: this.home,
      KUBECONFIG: this.plane.kubeconfig,
    };
  }

  close(): void {
    this.server?.close();
  }

  /** `minikube stop`. */
  stop(): Promise<void> {
    return this.plane.apiServer.stop();
  }

  /** `minikube start` without words of its own: files are copied, the kept flags are used. */
  async start(): Promise<void> {
    this.copyFiles();
    await this.plane.start(this.flags);
  }

  /** The same for an API server that will not get ready: nobody waits. */
  startInVain(): void {
    this.copyFiles();
    this.plane.spawnApiServer(this.flags);
  }

  private copyFiles(): void {
    const files = join(this.home, ".minikube", "files");
    if (existsSync(files)) cpSync(files, "/", { recursive: true, preserveTimestamps: true });
  }

  private async handle(args: readonly string[]): Promise<Answer> {
    const words = args.filter((word) => !word.startsWith("--"));
    const profile = args.find((word) => word.startsWith("--profile="))?.slice("--profile=".length) ?? "minikube";
    switch (args[0]) {
      case "start":
        this.flags = args
          .flatMap((word) => /^--extra-config=apiserver\.(.*)$/.exec(word)?.[1] ?? [])
          .map((flag) => `--${flag}`);
        mkdirSync(join(this.home, ".minikube", "profiles", profile), { recursive: true });
        writeFileSync(
          join(this.home, ".minikube", "profiles", profile, "config.json"),
          JSON.stringify({ Name: profile }),
        );
        if (this.plane.apiServer.running) await this.plane.apiServer.stop();
        await this.start();
        return ok();
      case "status": {
        const state = this.plane.apiServer.running ? "Running" : "Stopped";
        return ok(
          JSON.stringify({ Name: profile, Host: state, Kubelet: state, APIServer: state, Kubeconfig: "Configured" }),
        );
      }
      case "ip":
        return ok(`${API_ADDRESS}\n`);
      case "ssh": {
        const env = { PATH: `${join(this.directory, "bin")}:${process.env.PATH}` };
        const result = await execa("sh", ["-c", args.slice(args.indexOf("--") + 1).join(" ")], {
          reject: false,
          env,
          stripFinalNewline: false,
        });
        return { code: result.exitCode ?? 1, stdout: result.stdout, stderr: result.stderr };
      }
      case "cp": {
        const [, from = "", to = ""] = words;
        cpSync(from, to);
        chmodSync(to, 0o644);
        return ok();
      }
      default:
        return { code: 64, stdout: "", stderr: `the stand-in of minikube does not know ${args.join(" ")}` };
    }
  }

  private async listen(): Promise<string> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const args: string[] = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      this.calls.push(args);
      const answer = await this.handle(args).catch(
        (error: Error): Answer => ({ code: 1, stdout: "", stderr: error.message }),
      );
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, ADDRESS, resolve));
    this.server = server;
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://${ADDRESS}:${address.port}/`;
  }
}
