import assert from "node:assert/strict";
import { initialise, type KeyStore } from "../../../components/platform/vault/steps/keys.ts";
import { openServer } from "../../../components/platform/vault/steps/servers.ts";
import { unseal } from "../../../components/platform/vault/steps/unseal.ts";

const keys = { unsealKey: "key-of-the-fake", rootToken: "token-of-the-fake" };
const initAnswer = JSON.stringify({ unseal_keys_b64: [keys.unsealKey], root_token: keys.rootToken });
const quiet = () => {};

type State = "unreachable" | "uninitialised" | "sealed" | "unsealed";

/** Pods, their files and the Secret, in memory (a stand-in; test/real does the same on Vault). */
class Pods implements KeyStore {
  secret: Record<string, unknown> | undefined;
  file = false;
  breakCreate = false;
  inits = 0;
  readonly commands: string[] = [];
  readonly states: State[];

  constructor(...states: State[]) {
    this.states = states;
  }

  async get() {
    return this.secret;
  }

  async create(manifest: object & { kind: string }) {
    if (this.breakCreate) throw new Error("the API server went away");
    const stringData: Record<string, string> = Reflect.get(manifest, "stringData");
    const data = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
    this.secret = { data: Object.fromEntries(data) };
  }

  get transport(): KeyStore["transport"] {
    return async (pod, args, stdin) => {
      this.commands.push(args.join(" "));
      const index = Number(pod.slice("vault-".length));
      const command = args.join(" ");
      if (command.includes("operator init -format")) {
        this.inits += 1;
        this.file = true;
        this.states[index] = "sealed";
        return { code: 0, stdout: initAnswer, stderr: "" };
      }
      if (command.includes("rm -f")) this.file = false;
      if (command.includes("cat ")) return { code: this.file ? 0 : 1, stdout: this.file ? initAnswer : "", stderr: "" };
      if (command.includes("sys/unseal") && JSON.parse(stdin).key === keys.unsealKey) this.states[index] = "unsealed";
      if (command.includes("raft/configuration")) {
        const servers = this.states.map((_, id) => ({ node_id: `vault-${id}`, voter: true }));
        return { code: 0, stdout: JSON.stringify({ data: { config: { servers } } }), stderr: "" };
      }
      const state = this.states[index];
      if (state === "unreachable") return { code: 1, stdout: "", stderr: "error: pod not found" };
      const status = { initialized: state !== "uninitialised", sealed: state !== "unsealed", is_self: index === 1 };
      return { code: state === "unsealed" ? 0 : 2, stdout: JSON.stringify(status), stderr: "" };
    };
  }
}

describe("the keys of Vault", () => {
  it("are made once, stored in the Secret and read back ever after", async () => {
    const pods = new Pods("uninitialised", "uninitialised", "uninitialised");
    assert.deepEqual(await initialise(pods, 3, quiet), keys);
    assert.deepEqual(await initialise(pods, 3, quiet), keys);
    assert.equal(pods.inits, 1);
    assert.equal(pods.file, false, "the pod's copy is removed once the Secret has them");
  });

  it("are not lost when storing them fails: the next run finds them in the pod", async () => {
    const pods = new Pods("uninitialised");
    pods.breakCreate = true;
    await assert.rejects(initialise(pods, 1, quiet), /went away/);
    pods.breakCreate = false;
    assert.deepEqual(await initialise(pods, 1, quiet), keys);
    assert.equal(pods.inits, 1);
    assert.notEqual(pods.secret, undefined);
  });

  it("that nobody has any more are told of, with the way back and the way to begin anew", async () => {
    await assert.rejects(initialise(new Pods("sealed"), 1, quiet), /somebody deleted the Secret[\s\S]*delete pvc,pod/);
  });

  it("of an earlier Vault are never taken for this one's", async () => {
    const pods = new Pods("uninitialised");
    await pods.create({ kind: "Secret", stringData: { "unseal-key": "old", "root-token": "old" } } as { kind: string });
    await assert.rejects(initialise(pods, 1, quiet), /keys belong to an earlier Vault/);
    assert.equal(pods.inits, 0);
  });

  it("are not asked for where no server answers", async () => {
    await assert.rejects(
      initialise(new Pods("unreachable"), 1, quiet),
      /cannot initialise Vault: vault-0 cannot be reached \(error: pod not found\)/,
    );
  });

  it("open every server, and stand in no command line", async () => {
    const pods = new Pods("sealed", "sealed", "unsealed");
    assert.deepEqual(await unseal(pods.transport, 3, keys, quiet), { members: ["vault-0", "vault-1", "vault-2"] });
    assert.deepEqual(pods.states, ["unsealed", "unsealed", "unsealed"]);
    for (const command of pods.commands) for (const key of Object.values(keys)) assert.ok(!command.includes(key));
  });
});

describe("the server to talk to", () => {
  it("is the active one", async () => {
    assert.equal(await openServer(new Pods("unsealed", "unsealed", "sealed").transport, 3), "vault-1");
  });

  it("is told to be missing with each server's state and what opens them", async () => {
    await assert.rejects(
      openServer(new Pods("sealed", "unreachable").transport, 2, 0),
      /vault-0 is sealed, vault-1 cannot be reached .*vault-unsealer/,
    );
  });
});
