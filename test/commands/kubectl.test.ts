import assert from "node:assert/strict";
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runKubectl } from "../../components/commands/kubectl.ts";
import { StepFailure } from "../../components/commands/script.ts";

describe("kubectl, as a step runs it", () => {
  const { PATH } = process.env;
  const directory = mkdtempSync(join(tmpdir(), "kubectl-"));
  const kubectl = join(directory, "kubectl");
  const target = { context: "learn-05", kubeconfig: "/k", namespace: "vault" };

  before(function () {
    if (process.platform === "win32") this.skip();
    process.env.PATH = [directory, PATH].join(delimiter);
  });
  beforeEach(() => rmSync(kubectl, { force: true }));
  after(() => {
    process.env.PATH = PATH;
    rmSync(directory, { recursive: true });
  });

  function pretend(script: string): void {
    writeFileSync(kubectl, `#!/bin/sh\n${script}\n`);
    chmodSync(kubectl, 0o755);
  }

  it("is given the cluster first, and what is secret on standard input", async () => {
    pretend('echo "$@"; cat');
    const answer = await runKubectl(target, ["get", "secret"], { input: "hidden" });
    const flags = "--kubeconfig /k --context learn-05 --namespace vault";
    assert.deepEqual(answer, { code: 0, stdout: `${flags} get secret\nhidden`, stderr: "" });
  });

  it("may fail: that is an answer", async () => {
    pretend("echo no such thing >&2; exit 3");
    assert.deepEqual(await runKubectl(target, ["get"]), { code: 3, stdout: "", stderr: "no such thing" });
  });

  it("is not waited for without end", async () => {
    pretend("exec sleep 20");
    assert.deepEqual(await runKubectl(target, ["get"], { timeout: 200 }), {
      code: 124,
      stdout: "",
      stderr: "no answer within 0.2 s",
    });
  });

  it("is missed with the place to get it", async () => {
    process.env.PATH = directory;
    try {
      await assert.rejects(runKubectl(target, ["get"]), new StepFailure(missing));
    } finally {
      process.env.PATH = [directory, PATH].join(delimiter);
    }
  });
  const missing = "kubectl is not installed. Get it: https://kubernetes.io/docs/tasks/tools/";

  it("that cannot be started is told with the system's reason", async function () {
    if (process.platform !== "linux") this.skip();
    pretend("true");
    const written = openSync(kubectl, "a");
    try {
      await assert.rejects(runKubectl(target, ["get"]), new StepFailure("kubectl could not be started: spawn ETXTBSY"));
    } finally {
      closeSync(written);
    }
  });
});
