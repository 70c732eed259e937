import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { apiServer, type Kubectl, loadedHash } from "../../../components/cluster/encryption/api-server.ts";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const metrics = (text: string) =>
  `# HELP x\napiserver_encryption_config_controller_last_config_info{apiserver_id_hash="sha256:1",hash="sha256:${hashOf(text)}"} 1\n`;

type Answer = Awaited<ReturnType<Kubectl>>;
const ok = (stdout: string): Answer => ({ code: 0, stdout, stderr: "" });
const failed = (stderr: string): Answer => ({ code: 1, stdout: "", stderr });

/** An API server behind a kubectl that gives these answers, one after the other, by its first words. */
function serverWith(answers: Record<string, Answer[]>) {
  const asked: string[] = [];
  const inputs: (string | undefined)[] = [];
  const waits: number[] = [];
  const kubectl: Kubectl = async (args, input) => {
    asked.push(args.join(" "));
    inputs.push(input);
    const queue = Object.entries(answers).find(([words]) => args.join(" ").startsWith(words))?.[1] ?? [];
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? failed("not expected");
  };
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
  };
  return { asked, inputs, waits, server: apiServer(kubectl, { pause: 1, looks: 5, blind: 75, wait }, () => {}) };
}

describe("waiting for the API server to load its EncryptionConfiguration", () => {
  it("looks until the server tells the hash of the very document", async () => {
    const { server, asked, waits } = serverWith({
      "get --raw=/metrics": [ok(metrics("old")), failed("refused"), ok(metrics("new"))],
    });
    await server.untilLoaded("new");
    assert.deepEqual([asked.length, waits], [3, [1, 1]]);
  });

  it("waits longer than the server's own interval when it is too old to tell", async () => {
    const { server, waits } = serverWith({ "get --raw=/metrics": [ok("go_goroutines 1")] });
    await server.untilLoaded("new");
    assert.deepEqual(waits, [75]);
  });

  it("gives up with the place to look at, before any key is dropped", async () => {
    const { server } = serverWith({ "get --raw=/metrics": [ok(metrics("old"))] });
    await assert.rejects(
      server.untilLoaded("new"),
      /does not load its new EncryptionConfiguration; no key was dropped.*kubectl -n kube-system logs/,
    );
  });

  it("reads the hash wherever the label stands", () => {
    const line =
      'apiserver_encryption_config_controller_last_config_info{hash="sha256:ab",apiserver_id_hash="sha256:1"} 1';
    assert.deepEqual(loadedHash(`# TYPE\n${line}\n`), { kind: "hash", hash: "sha256:ab" });
    assert.deepEqual(loadedHash(""), { kind: "untold" });
  });
});

describe("rewriting what etcd keeps", () => {
  const list = JSON.stringify({ items: [{ kind: "Secret" }] });

  it("feeds every object back, on standard input only", async () => {
    const { server, asked, inputs } = serverWith({ "get secrets": [ok(list)], replace: [ok("")] });
    await server.rewrite(["secrets"]);
    assert.deepEqual(asked, ["get secrets --all-namespaces --output=json", "replace --filename=-"]);
    assert.deepEqual(inputs, [undefined, list]);
  });

  it("does nothing where there is nothing", async () => {
    const { server, asked } = serverWith({ "get secrets": [ok('{"items":[]}')] });
    await server.rewrite(["secrets"]);
    assert.equal(asked.length, 1);
  });

  it("takes another round for objects that somebody changed at the same moment", async () => {
    const conflict = failed('Error from server (Conflict): Operation cannot be fulfilled on secrets "a"');
    const { server, asked } = serverWith({ "get secrets": [ok(list)], replace: [conflict, ok("")] });
    await server.rewrite(["secrets"]);
    assert.equal(asked.length, 4);
  });

  it("does not mind objects that somebody deleted", async () => {
    const gone = failed(
      'Error from server (NotFound): secrets "a" not found\nError from server (NotFound): secrets "b" not found',
    );
    const { server, asked } = serverWith({ "get secrets": [ok(list)], replace: [gone] });
    await server.rewrite(["secrets"]);
    assert.equal(asked.length, 2);
  });

  it("fails with kubectl's words, never with what it was fed", async () => {
    const { server } = serverWith({ "get secrets": [ok(list)], replace: [failed("Error from server: etcd is full")] });
    await assert.rejects(server.rewrite(["secrets"]), (error: Error) => {
      assert.match(
        error.message,
        /rewriting secrets failed, no key was dropped; run the same command again\.\nError from server: etcd is full/,
      );
      assert.ok(!error.message.includes("Secret"));
      return true;
    });
  });

  it("asks the cluster what a whole group is", async () => {
    const { server, asked } = serverWith({
      "api-resources": [ok("secrets\ndeployments.apps\n")],
      "get deployments.apps": [ok(list)],
      replace: [ok("")],
    });
    await server.rewrite(["*.apps"]);
    assert.equal(asked[1], "get deployments.apps --all-namespaces --output=json");
  });
});
