import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { LanguageHandshakeRequest, RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { fields, text } from "../../../lab/manifests/fields.ts";
import { splitArguments } from "../../../lab/rehearsal/engine/project.ts";
import { Empty } from "../../../lab/rehearsal/engine/protocol.ts";
import { answer, type ServedPlugin, servePlugin } from "./plugin.ts";

const FAILURE_LOGGED = 32;

/** What the engine handed over for a run of the program. */
export interface HandedOver {
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

export interface LanguageHost extends ServedPlugin {
  /** Runs of the program, oldest first. */
  readonly runs: HandedOver[];
}

/**
 * A stand-in for Pulumi's Node.js language host, which is not to be had from a package registry: it runs the program by the
 * SDK's own cmd/run, and policy packs by cmd/run-policy-pack, with what the engine hands over. It installs no plugins.
 */
export async function serveLanguageHost(): Promise<LanguageHost> {
  const runs: HandedOver[] = [];
  let engine = "";
  const served = await servePlugin(languageService.LanguageRuntimeService, {
    handshake: answer((request: LanguageHandshakeRequest) => {
      engine = request.getEngineAddress();
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: answer(() => new plugin.PluginInfo()),
    getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
    run: answer((request: RunRequest) => {
      const config = Object.fromEntries(request.getConfigMap().toArray());
      runs.push({ stack: request.getStack(), config, secretKeys: request.getConfigsecretkeysList() });
      return run(request, engine);
    }),
    runPlugin,
    cancel: answer(() => new Empty()),
  });
  return { ...served, runs };
}

/** The SDK's own script, of the project in a directory. */
const script = (directory: string, name: string) =>
  createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);

async function run(request: RunRequest, engine: string): Promise<InstanceType<typeof language.RunResponse>> {
  const info = request.getInfo();
  const root = info?.getRootDirectory() ?? request.getPwd();
  const options = fields(info?.getOptions()?.toJavaScript());
  const args = [
    ...splitArguments(text(options.nodeargs) ?? ""),
    script(root, "run"),
    ...["--monitor", request.getMonitorAddress(), "--engine", engine],
    ...["--organization", request.getOrganization(), "--project", request.getProject(), "--stack", request.getStack()],
    ...["--root-directory", root, "--pwd", info?.getProgramDirectory() ?? request.getPwd()],
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ...["--parallel", String(request.getParallel()), info?.getEntryPoint() ?? "."],
  ];
  const env = {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, LEARN_REHEARSAL: "1", ...env },
    stdio: "ignore", // what it logs goes to the engine
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const response = new language.RunResponse();
  if (code === FAILURE_LOGGED) response.setBail(true);
  else if (code !== 0) response.setError(`the program ended with ${code}`);
  return response;
}

/** Policy packs: what the engine prints for them is passed on, and its first line is their port. */
function runPlugin(call: grpc.ServerWritableStream<RunPluginRequest, unknown>): void {
  const { request } = call;
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const env = Object.fromEntries(request.getEnvList().map((entry) => entry.split(/=(.*)/s, 2)));
  const args = [script(directory, "run-policy-pack"), ...request.getArgsList(), "."];
  const child = spawn(process.execPath, args, { cwd: directory, env: { ...process.env, ...env } });
  const send = (fill: (response: InstanceType<typeof language.RunPluginResponse>) => void) => {
    const response = new language.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout.on("data", (chunk: Buffer) => send((response) => response.setStdout(chunk)));
  child.stderr.on("data", (chunk: Buffer) => send((response) => response.setStderr(chunk)));
  child.once("close", (code) => {
    send((response) => response.setExitcode(code ?? 1));
    call.end();
  });
  call.once("cancelled", () => child.kill());
}
