import assert from "node:assert/strict";
import { join } from "node:path";
import { examine } from "../../../lab/doctor/doctor.ts";
import { ManifestCertificates } from "../../../lab/gateway/certificates/manifest-certificates.ts";
import { CertManager } from "../../../lab/issuing/cert-manager.ts";
import { type Kubectl, kubectlOf } from "../../../lab/live/kubectl.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { differences } from "../../../lab/probe/expectation.ts";
import { promisedRequests } from "../../../lab/rehearsal/answers/requests.ts";
import { knownOf } from "../../../lab/stack/known.ts";
import { prototypeOf } from "../../../lab/stack/topology.ts";
import type { Certificate } from "../../../lab/topology/model.ts";
import { assertDiagnosed } from "../../support/diagnosis.ts";
import { sameAsRehearsed } from "../certificates/agreement.ts";
import { CertManagerController } from "../certificates/controller.ts";
import { certificateDiseases } from "../certificates/diseases.ts";
import { FilledSecrets } from "../certificates/filled-secrets.ts";
import type { ApiClient } from "../cluster/api-client.ts";
import { putKubectlOnPath } from "../cluster/kubectl.ts";
import { GatewayLab } from "../gateway/gateway-lab.ts";
import { eventually } from "../lab/wait.ts";
import { Changes } from "../live/changes.ts";
import { stepName } from "../program/step.ts";
import { vaultIssuers } from "../vault/cert-manager.ts";
import { Story } from "../vault/story.ts";

const STACK = "learn-05";

describe(`${STACK} with certificates of the real Vault, on the real istiod and Envoy`, function () {
  this.timeout(300_000);
  this.bail(true);
  const lab = new GatewayLab(STACK);
  const story = new Story(STACK, 5);
  const certManager = new CertManagerController(lab.plane);

  before(async () => {
    await lab.start();
    await lab.apply(STACK);
    await story.begin({ plane: lab.plane, registrations: lab.rehearsed.registrations });
  });
  after(async () => {
    await certManager.service.stop();
    await lab.stop();
    await story.lab.stop();
  });

  it("opens and configures Vault by the program's own steps", async () => {
    await story.runAll(async (step) => {
      if (stepName(step) === "vault-init") await story.lab.startUnsealer();
    });
    assert.ok((await story.sealed()).every((sealed) => !sealed));
  });

  it("has cert-manager log in to Vault by the registered rights, and Vault sign every Certificate of the stack", async () => {
    const { pod } = await story.lab.active();
    const servers = vaultIssuers(story).map(({ server }) => new URL(server).hostname);
    await certManager.start(Object.fromEntries(servers.map((name) => [name, pod.address])));
    const { certificates } = lab.topology;
    assert.ok(certificates.length >= 2);
    const filled = await FilledSecrets.of(lab.plane.client, certificates);
    await lab.answer(lab.topology, new ManifestCertificates(lab.topology.objects, filled), lab.gateways());

    const rehearsed = new CertManager(lab.topology, lab.rehearsed.vault);
    for (const certificate of certificates) await sameAsRehearsed(rehearsed, certificate, filled);
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

  describe("without the certificate of mango", () => {
    const changes = new Changes(lab.plane.client);
    let kubectl: Kubectl;

    before(() => {
      putKubectlOnPath(join(lab.plane.directory, "doctor"));
      kubectl = kubectlOf(STACK, lab.plane.kubeconfig);
    });

    for (const { title, make, wanted } of certificateDiseases)
      it(`has the doctor tell what cert-manager and Vault say: ${title}`, async () => {
        const [mango] = lab.topology.certificates.filter(({ namespace }) => namespace === "mango");
        assert.ok(mango);
        await make(changes, await story.api());
        await lab.plane.client.delete("v1", "Secret", "mango", mango.secretName);
        await eventually("the doctor to name what is wrong", 30, async () => {
          const { diagnoses } = await examine(kubectl, () => undefined, knownOf(prototypeOf(lab.rehearsed)));
          assertDiagnosed({ path: "HTTPS mango.example.com:443", ...wanted }, diagnoses);
          return true;
        });
        await changes.undo();
        await askAgain(lab.plane.client, mango);
        await FilledSecrets.of(lab.plane.client, [mango]);
      });
  });
});

/** As `cmctl renew` does for one that has failed: cert-manager itself would wait for an hour. */
async function askAgain(client: ApiClient, { namespace, name }: Certificate): Promise<void> {
  const requests: KubeObject[] = (await client.list("cert-manager.io/v1", "CertificateRequest", namespace)).body.items;
  for (const request of requests) await client.remove(request);
  const status = { lastFailureTime: null, failedIssuanceAttempts: null };
  await client.mergeStatus(["cert-manager.io/v1", "Certificate", namespace, name], status);
}
