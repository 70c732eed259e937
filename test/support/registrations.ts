import { VaultStandIn } from "../../lab/issuing/vault.ts";
import { Engine } from "../../lab/rehearsal/engine/engine.ts";
import { runFunction } from "../../lab/rehearsal/engine/in-process.ts";
import type { Registration } from "../../lab/rehearsal/engine/registration.ts";
import { command } from "../../lab/rehearsal/stand-ins/command.ts";
import { tls } from "../../lab/rehearsal/stand-ins/tls.ts";

/** What a piece of program registered, and what it said. */
export interface Recorded {
  readonly registrations: readonly Registration[];
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  /** The one registration of that name. @throws Error when there is none or more than one */
  named(name: string): Registration;
  /** Names of the resources that one waits for. */
  dependenciesOf(name: string): string[];
}

export interface RecordOptions {
  readonly stack?: string;
  /** As `pulumi preview`: outputs of resources are unknown. */
  readonly preview?: boolean;
}

/**
 * Runs a function as a Pulumi program inside this process and records what it registers: for unit tests of components.
 * Commands and TLS keys are answered by the rehearsal's stand-ins. Runs must not overlap.
 */
export async function record(program: () => unknown, options: RecordOptions = {}): Promise<Recorded> {
  const { stack = "learn-05", preview = false } = options;
  const engine = new Engine({
    project: "learn",
    stack,
    organization: "organization",
    preview,
    disabledDefaultProviders: ["kubernetes"],
    standIns: [command(new VaultStandIn()), tls],
  });
  const warnings = collectWarnings();
  try {
    await runFunction(engine, { values: {}, secretKeys: [] }, async () => {
      await program();
      return {};
    });
  } finally {
    warnings.release();
  }
  const { registrations, log } = engine;
  const named = (name: string) => {
    const found = registrations.filter((one) => one.name === name);
    const [only, ...others] = found;
    if (only === undefined || others.length > 0) {
      throw new Error(`${found.length} registrations named ${name}; there are ${registrations.map((one) => one.name)}`);
    }
    return only;
  };
  return {
    registrations,
    warnings: [
      ...warnings.texts,
      ...log.filter(({ severity }) => severity === "warning").map(({ message }) => message),
    ],
    errors: log.filter(({ severity }) => severity === "error").map(({ message }) => message),
    named,
    dependenciesOf: (name) => named(name).dependencies.map((urn) => urn.slice(urn.lastIndexOf("::") + 2)),
  };
}

/** In this process the SDK has no engine to send `pulumi.log.warn` to, and writes it to the console. */
function collectWarnings(): { texts: string[]; release: () => void } {
  const texts: string[] = [];
  const { warn } = console;
  console.warn = (text: unknown) => texts.push(String(text).replace(/^warning: \[runtime\] /, ""));
  return {
    texts,
    release: () => {
      console.warn = warn;
    },
  };
}
