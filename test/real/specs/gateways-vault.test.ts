import assert from "node:assert/strict";
import { ManifestCertificates } from "../../../lab/gateway/certificates/manifest-certificates.ts";
import { differences } from "../../../lab/probe/expectation.ts";
import { promisedRequests } from "../../../lab/rehearsal/answers/requests.ts";
import { GatewayLab } from "../gateway/gateway-lab.ts";
import { eventually } from "../lab/wait.ts";
import { stepName } from "../program/step.ts";
import { installAccounts } from "../vault/cert-manager.ts";
import { SignedSecrets } from "../vault/signed-secrets.ts";
import { Story } from "../vault/story.ts";

const STACK = "learn-05";

describe(`${STACK} with certificates of the real Vault, on the real istiod and Envoy`, function () {
  this.timeout(300_000);
  this.bail(true);
  const lab = new GatewayLab(STACK);
  const story = new Story(STACK, 5);
  let secrets: SignedSecrets;

  before(async () => {
    await lab.start();
    await lab.apply(STACK);
    await story.begin({ plane: lab.plane, registrations: lab.rehearsed.registrations });
  });
  after(async () => {
    await lab.stop();
    await story.lab.stop();
  });

  it("opens and configures Vault by the program's own steps", async () => {
    await story.runAll(async (step) => {
      if (stepName(step) === "vault-init") await story.lab.startUnsealer();
    });
    assert.ok((await story.sealed()).every((sealed) => !sealed));
  });

  it("has Vault sign every Certificate of the stack for cert-manager's account", async () => {
    await installAccounts(story);
    secrets = await SignedSecrets.of(story);
    const filled = secrets.objects();
    assert.equal(filled.length, lab.topology.certificates.length);
    for (const secret of filled) await lab.must(secret);
    await lab.answer(lab.topology, new ManifestCertificates(lab.topology.objects, secrets), lab.gateways());
  });

  it("gives every promised answer, over a chain from the leaf through Vault's intermediate to its root", async () => {
    const requests = promisedRequests(lab.rehearsed.outputs);
    const good = requests.filter(({ request }) => request.scheme === "https" && request.expect.status === 200);
    assert.ok(good.length >= 2);
    for (const { request } of requests) {
      const asked = `${request.scheme}://${request.host}${request.path}`;
      const answer = await eventually(asked, 20, async () => {
        const got = await lab.ask(request);
        const found = differences(request.expect, got);
        if (found.length > 0) throw new Error(`${JSON.stringify(found)} ${got.error ?? ""}`);
        return got;
      });
      if (answer.chain === undefined) continue;
      assert.deepEqual(
        answer.chain.slice(1).map(({ subject }) => subject),
        ["example.com Intermediate Authority", "example.com"],
        asked,
      );
    }
  });
});
