import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { type Engine, messageOf } from "./engine.ts";
import type { Project } from "./project.ts";
import { Empty } from "./protocol.ts";
import { type ProgramEnd, REHEARSAL } from "./run-program.ts";
import { featureResponse } from "./server.ts";
import type { StackConfig } from "./stack-config.ts";

type Callback<Response> = (error: Error | null, response: Response | undefined) => void;

let runs = 0;

/**
 * Runs a project's program inside this process, for tests that look at many stacks: the same requests, the same engine,
 * no new process and no sockets. Programs run this way must be ES modules and keep no state between runs but in their
 * entry point, which is loaded anew; runs must not overlap.
 */
export async function runInProcess(engine: Engine, project: Project, config: StackConfig): Promise<ProgramEnd> {
  const entry = pathToFileURL(join(project.directory, project.main));
  entry.search = `run=${++runs}`;
  return runFunction(engine, config, async () => {
    // A default export is the program's outputs, as @pulumi/pulumi's cmd/run has it.
    const { default: outputs, ...named } = await import(entry.href);
    return outputs ?? named;
  });
}

/** Runs a function as the program. Its result is the stack's outputs. */
export async function runFunction(
  engine: Engine,
  config: StackConfig,
  program: () => Promise<Record<string, unknown>>,
): Promise<ProgramEnd> {
  const { project, stack, preview, organization } = engine.settings;
  await pulumi.runtime.setMocks(NO_MOCKS, project, stack, preview, organization);
  pulumi.runtime.setAllConfig({ ...config.values }, [...config.secretKeys]);
  Object.assign(pulumi.runtime.getMonitor() ?? {}, monitorOf(engine));

  const failures = new Set<unknown>();
  const release = collectRejections(failures);
  const restoreConsole = takeRuntimeLog(engine);
  const restoreTraces = plainTraces();
  const before = process.env[REHEARSAL];
  process.env[REHEARSAL] = "1";
  try {
    const ended = await pulumi.runtime.runInPulumiStack(program).then(
      () => true,
      (error: unknown) => {
        failures.add(error);
        return false;
      },
    );
    // After a failure registrations may wait for a gate that never opens; Pulumi's own process would just exit.
    if (ended) await pulumi.runtime.disconnect();
    // Rejections that nobody handles are told in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    release();
    restoreConsole();
    restoreTraces();
    if (before === undefined) delete process.env[REHEARSAL];
    else process.env[REHEARSAL] = before;
  }
  for (const failure of failures) {
    engine.log.push({ severity: "error", message: messageOf(failure), urn: "" });
  }
  return { exitCode: failures.size === 0 ? 0 : 32, stdout: "", stderr: "" };
}

/** The monitor is replaced whole; these are never asked. */
const NO_MOCKS: pulumi.runtime.Mocks = {
  newResource: () => ({ id: undefined, state: {} }),
  call: () => ({}),
};

function monitorOf(engine: Engine) {
  return {
    supportsFeature: (request: SupportsFeatureRequest, callback: Callback<unknown>) =>
      callback(null, featureResponse(request)),
    registerResource: answer((request: RegisterResourceRequest) => engine.registerResource(request)),
    registerResourceOutputs: answer(async (request: RegisterResourceOutputsRequest) => {
      engine.registerResourceOutputs(request);
      return new Empty();
    }),
    readResource: answer((request: ReadResourceRequest) => engine.readResource(request)),
    invoke: answer((request: ResourceInvokeRequest) => engine.invoke(request)),
  };
}

function answer<Request, Response>(work: (request: Request) => Promise<Response>) {
  return (request: Request, callback: Callback<Response>): void => {
    work(request).then(
      (response) => callback(null, response),
      (error) => callback(error, undefined),
    );
  };
}

/** Takes over unhandled rejections, which is how a failure inside an `apply` shows, until released. */
function collectRejections(failures: Set<unknown>): () => void {
  const others = process.listeners("unhandledRejection");
  const collect = (reason: unknown) => failures.add(reason);
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  return () => {
    process.off("unhandledRejection", collect);
    for (const listener of others) process.on("unhandledRejection", listener);
  };
}

/**
 * Pulumi's runtime notes a stack trace for every promise and every resource. Node, when it has source maps, maps each frame
 * of them, which is half the time of a run; until released traces are left as they are.
 */
function plainTraces(): () => void {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => [String(error), ...frames].join("\n    at ");
  return () => {
    Error.prepareStackTrace = before;
  };
}

/**
 * Without an engine's address Pulumi's runtime logs to the console, as "warning: [runtime] …"; those lines go into the
 * engine's log, where a spawned program's go, until the console is given back.
 */
function takeRuntimeLog(engine: Engine): () => void {
  const methods = ["log", "warn", "error"] as const;
  const originals = methods.map((method) => console[method]);
  for (const method of methods) {
    const original = console[method];
    console[method] = (...values: unknown[]) => {
      const [, severity, message = ""] =
        /^(debug|info|warning|error): \[runtime\] (.*)$/s.exec(String(values[0])) ?? [];
      if (severity === "debug" || severity === "info" || severity === "warning" || severity === "error") {
        engine.log.push({ severity, message, urn: "" });
      } else original(...values);
    };
  }
  return () => {
    for (const [at, method] of methods.entries()) {
      const original = originals[at];
      if (original !== undefined) console[method] = original;
    }
  };
}
