import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ToolResult } from "../../components/cluster/run-tool.ts";
import { compareCommand } from "../../lab/compare/command.ts";
import { doctorCommand } from "../../lab/doctor/command.ts";
import { examine } from "../../lab/doctor/doctor.ts";
import { exerciseCommand } from "../../lab/exercise/command.ts";
import type { Kubectl } from "../../lab/live/kubectl.ts";
import { knownOf } from "../../lab/stack/known.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";
import { verifyCommand } from "../../lab/verify/command.ts";
import { LiveObjects } from "../support/live-objects.ts";

/** One message for people, exit code 2. */
const refuses = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof VisibleError, String(error));
  assert.match(error.message, pattern);
  assert.equal(error.exitCode, 2);
  return true;
};

const commands = {
  verify: verifyCommand,
  doctor: doctorCommand,
  compare: compareCommand,
  exercise: exerciseCommand,
} as const;

describe("bad input", () => {
  for (const [name, command] of Object.entries(commands)) {
    it(`${name}: an unknown option, and too much`, async () => {
      await assert.rejects(
        command(["--bogus"]),
        refuses(new RegExp(`unknown option '--bogus'; see .npm run ${name} -- --help`)),
      );
      await assert.rejects(command(["a", "b", "c"]), refuses(/too many arguments\. Expected \d arguments? but got 3;/));
    });
  }

  it("no stack: which there are", async () => {
    await assert.rejects(verifyCommand([]), refuses(/^which stack\? npm run verify -- <stack>\nThere are: .*learn-05/));
    await assert.rejects(doctorCommand([]), refuses(/^which stack\? npm run doctor -- <stack>\nThere are: .*learn-05/));
    await assert.rejects(compareCommand(["learn-01"]), refuses(/^missing required argument 'right'/));
    await assert.rejects(exerciseCommand(["--check"]), refuses(/^--check of which exercise\? There are: /));
  });

  it("an unknown stack or exercise: the nearest", async () => {
    await assert.rejects(verifyCommand(["lern-05"]), refuses(/^no stack named lern-05; did you mean learn-05\?/));
    await assert.rejects(doctorCommand(["lern-05"]), refuses(/^no stack named lern-05; did you mean learn-05\?/));
    await assert.rejects(
      compareCommand(["lern-01", "learn-05"]),
      refuses(/^no stack named lern-01; did you mean learn-01\?/),
    );
    await assert.rejects(
      exerciseCommand(["target-prot"]),
      refuses(/^no exercise named target-prot; did you mean target-port\?/),
    );
  });

  it("contradictions and numbers that are none", async () => {
    await assert.rejects(
      doctorCommand(["learn-05", "--context", "x"]),
      refuses(/either a stack or --context, not both/),
    );
    await assert.rejects(
      verifyCommand(["learn-05", "--wait", "long"]),
      refuses(/--wait: expected a number of seconds, got long/),
    );
    await assert.rejects(
      exerciseCommand(["audience", "--hint", "--check"]),
      refuses(/one of --hint, --check at a time/),
    );
  });
});

describe("without what they need", () => {
  const directory = mkdtempSync(join(tmpdir(), "learn-tools-"));
  const { PATH } = process.env;
  beforeEach(() => {
    process.env.PATH = directory;
  });
  afterEach(() => {
    process.env.PATH = PATH;
    rmSync(join(directory, "pulumi"), { force: true });
  });
  after(() => rmSync(directory, { recursive: true }));

  /** A program that answers by its first argument. */
  function pretend(tool: string, answers: Readonly<Record<string, string>>): void {
    const cases = Object.entries(answers).map(([verb, script]) => `${verb}) ${script};;`);
    writeFileSync(join(directory, tool), `#!/bin/sh\ncase "$1" in\n${cases.join("\n")}\nesac\n`);
    chmodSync(join(directory, tool), 0o755);
  }

  it("verify without the Pulumi CLI, or with one that is too old", async () => {
    await assert.rejects(verifyCommand(["learn-03-03"]), refuses(/the Pulumi CLI is not installed; .* Get it: /));
    if (process.platform === "win32") return;
    pretend("pulumi", { version: "echo v3.100.0" });
    await assert.rejects(
      verifyCommand(["learn-03-03"]),
      refuses(/the Pulumi CLI is v3\.100\.0, >=3\.\d+\.\d+ is needed/),
    );
  });

  it("doctor without kubectl", async () => {
    await assert.rejects(doctorCommand(["learn-03-03"]), refuses(/kubectl is not installed\. Get it: /));
  });

  it("verify on a stack that was never up, or is not any more", async function () {
    if (process.platform === "win32") this.skip();
    pretend("pulumi", {
      version: "echo v3.300.0",
      stack: "echo \"error: no stack named 'learn-03-03' found\" >&2; exit 255",
    });
    await assert.rejects(
      verifyCommand(["learn-03-03"]),
      refuses(
        /^stack learn-03-03 has no outputs: it has never been brought up here\. Bring it up with `npm run up -- learn-03-03`\.$/,
      ),
    );
    pretend("pulumi", { version: "echo v3.300.0", stack: "echo '{}'" });
    await assert.rejects(
      verifyCommand(["learn-03-03"]),
      refuses(/^stack learn-03-03 is not up: .*`npm run up -- learn-03-03`/),
    );
  });
});

describe("doctor on a cluster that", () => {
  /** kubectl whose `get` of a kind is answered by `answer`, or with nothing of that kind. */
  function cluster(answer: (kind: string) => Partial<ToolResult> | undefined): Kubectl {
    return {
      context: "lab",
      run: async ([, asked = ""]) => {
        const answers = asked
          .split(",")
          .map((kind) => ({ code: 0, stdout: '{"items":[]}', stderr: "", ...answer(kind) }));
        const failed = answers.find(({ code }) => code !== 0);
        const items = answers.flatMap(({ stdout }) => (failed ? [] : JSON.parse(stdout).items));
        return failed ?? { code: 0, stdout: JSON.stringify({ items }), stderr: "" };
      },
      forward: async () => {
        throw new Error("the doctor forwards nothing");
      },
    };
  }
  const fails = (stderr: string) => ({ code: 1, stdout: "", stderr });
  const quiet = () => undefined;

  it("is gone", async () => {
    const gone = cluster(() =>
      fails("The connection to the server 192.168.49.2:8443 was refused - did you specify the right host or port?"),
    );
    await assert.rejects(
      examine(gone, quiet),
      refuses(/^the cluster behind context lab does not answer: .*refused.* `minikube status -p lab`/),
    );
  });

  it("is not known to kubectl", async () => {
    for (const words of [
      'error: context "lab" does not exist',
      "Error in configuration: context was not found for specified context: lab",
    ])
      await assert.rejects(
        examine(
          cluster(() => fails(words)),
          quiet,
        ),
        refuses(/^kubectl knows no context lab: .*get-contexts/),
      );
  });

  it("has another idea of the time", async () => {
    const skewed = cluster(() =>
      fails(
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is before 2026-02-01T00:00:00Z",
      ),
    );
    await assert.rejects(examine(skewed, quiet), refuses(/not valid at this machine's time: .*Compare the clocks/));
  });

  it("does not let it list what it cannot do without", async () => {
    const closed = cluster((kind) =>
      fails(`Error from server (Forbidden): ${kind} is forbidden: User "eve" cannot list resource "${kind}"`),
    );
    await assert.rejects(
      examine(closed, quiet),
      refuses(/^context lab may not list gatewayclasses\S+, .*pods.*: ask for a role/),
    );
  });

  it("hides Secrets and rights: everything else is judged, and what is hidden does not count as missing", async () => {
    const live = await LiveObjects.of("learn-01");
    // As where Secrets are made by hand: nothing but the Secrets themselves could show that they are there.
    live.removeKinds("Secret", "Certificate", "Issuer", "Role", "RoleBinding", "ServiceAccount", "ConfigMap");
    const hidden = /^(events|secrets|configmaps|serviceaccounts|roles|rolebindings)\b/;
    const lines: string[] = [];
    const reader = cluster((kind) => {
      if (hidden.test(kind)) return fails(`Error from server (Forbidden): ${kind} is forbidden`);
      const items = live.all.filter(
        (object) => `${object.kind.toLowerCase().replace(/s$/, "se")}s` === kind.split(".")[0],
      );
      return { stdout: JSON.stringify({ items }) };
    });
    const { diagnoses } = await examine(reader, (line) => lines.push(line), knownOf(live.prototype));
    assert.ok(diagnoses.some(({ path }) => path === "Ingress mango/mango"));
    assert.deepEqual(
      diagnoses.filter(({ broken }) => broken),
      [],
    );
    assert.match(lines.join("\n"), /may not list events, .*secrets.*: what depends on them is not judged/);
  });

  it("does not know the Gateway API and cert-manager", async () => {
    const bare = cluster((kind) =>
      kind.includes(".io")
        ? fails(`error: the server doesn't have a resource type "${kind.split(".")[0]}"`)
        : undefined,
    );
    assert.deepEqual(await examine(bare, quiet), { diagnoses: [], doubts: [] });
  });

  it("never keeps the values of Secrets", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "n" },
      data: { password: "aHVudGVyMg==" },
    };
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "vault" },
      status: { phase: "Pending" },
    };
    const holding = cluster((kind) => ({
      stdout: JSON.stringify({ items: kind === "secrets" ? [secret] : kind === "pods" ? [pod] : [] }),
    }));
    const examination = await examine(holding, quiet);
    assert.equal(examination.diagnoses.length, 1);
    assert.doesNotMatch(JSON.stringify(examination), /aHVudGVyMg/);
  });
});
