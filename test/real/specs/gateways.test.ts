import assert from "node:assert/strict";
import { CertManager } from "../../../lab/issuing/cert-manager.ts";
import { fieldsAt, fieldsList, text } from "../../../lab/manifests/fields.ts";
import { formatRef, type KubeObject, refOf } from "../../../lab/manifests/object.ts";
import { differences } from "../../../lab/probe/expectation.ts";
import { promisedRequests } from "../../../lab/rehearsal/answers/requests.ts";
import { sameAsRehearsed } from "../certificates/agreement.ts";
import { CertManagerController } from "../certificates/controller.ts";
import { FilledSecrets } from "../certificates/filled-secrets.ts";
import { agreementSuite } from "../gateway/agreement.ts";
import { conditionsOf, GatewayLab } from "../gateway/gateway-lab.ts";
import { eventually } from "../lab/wait.ts";

const STACKS = [
  "learn-03-01",
  "learn-03-02",
  "learn-03-03",
  "learn-03-04",
  "learn-03-05",
  "learn-03-06",
  "learn-03-07",
  "learn-03",
  "learn-05",
];

/** Stacks whose certificates cert-manager makes from an authority of its own; Vault's are in the part gateways-vault. */
const OF_CERT_MANAGER = ["learn-03-04", "learn-03-05", "learn-03-06", "learn-03-07", "learn-03"];

const POOL = /^192\.168\.49\.(24\d|250)$/;

describe("one cluster, on which each stack is taken away before the next one comes", () => {
  const lab = new GatewayLab("stacks");
  const certManager = new CertManagerController(lab.plane);

  before(async function () {
    this.timeout(240_000);
    await lab.start();
    await certManager.start();
  });
  after(async () => {
    await certManager.service.stop();
    await lab.stop();
  });

  const certificates = () => FilledSecrets.of(lab.plane.client, lab.topology.certificates);
  const provesIssuing = async () => {
    const rehearsed = new CertManager(lab.topology, lab.rehearsed.vault);
    const filled = await certificates();
    assert.ok(lab.topology.certificates.length > 0);
    for (const certificate of lab.topology.certificates) await sameAsRehearsed(rehearsed, certificate, filled);
  };

  describe("learn-01 on the real cert-manager", function () {
    this.timeout(240_000);
    before(() => lab.apply("learn-01"));
    after(() => lab.clear());

    it("has of it the certificates that the rehearsal issues", () => provesIssuing());
  });

  for (const stack of STACKS)
    describe(`${stack} on the real istiod and Envoy`, function () {
      this.timeout(240_000);
      this.bail(true);

      before(() => (OF_CERT_MANAGER.includes(stack) ? lab.play(stack, certificates) : lab.play(stack)));
      after(() => lab.clear());

      /** Waits until `wrong` finds nothing wrong any more: statuses follow the objects by a moment. */
      const settled = (what: string, wrong: () => Promise<string[]>) =>
        eventually(what, 30, async () => {
          const found = await wrong();
          if (found.length > 0) throw new Error(found.join("; "));
          return true;
        });

      if (OF_CERT_MANAGER.includes(stack))
        it("has of cert-manager the certificates that the rehearsal issues", () => provesIssuing());

      it("accepts and programs every Gateway, with an address of the declared pool where there is one", async () => {
        const gateways = lab.gateways();
        assert.ok(gateways.length > 0);
        await settled("every Gateway to be programmed", async () => {
          const wrong: string[] = [];
          for (const declared of gateways) {
            const { status } = await lab.live(declared);
            const { Accepted, Programmed } = conditionsOf(status);
            const name = formatRef(refOf(declared));
            if (Accepted !== "True" || Programmed !== "True")
              wrong.push(`${name}: ${JSON.stringify(fieldsAt(status).conditions)}`);
            const [address] = fieldsList(fieldsAt(status).addresses);
            const pool = lab.rehearsed.registrations.some(({ object }) => object?.kind === "IPAddressPool");
            if (pool ? !POOL.test(text(address?.value) ?? "") : address?.type !== "Hostname")
              wrong.push(`${name}: address ${JSON.stringify(address)}`);
          }
          return wrong;
        });
      });

      it("finds every listener's references resolved and every route attached to it", async () => {
        await settled("every listener to be in order", async () => {
          const wrong: string[] = [];
          for (const declared of lab.gateways()) {
            const { status, spec } = await lab.live(declared);
            const listeners = fieldsList(fieldsAt(status).listeners);
            for (const { name } of fieldsList(fieldsAt(spec).listeners)) {
              const listener = listeners.find((one) => one.name === name);
              const conditions = conditionsOf(listener);
              const bad = ["Accepted", "Programmed", "ResolvedRefs"].filter((type) => conditions[type] !== "True");
              if (bad.length > 0) wrong.push(`${formatRef(refOf(declared))} ${name}: ${bad.join(", ")} not True`);
              if (Number(listener?.attachedRoutes ?? 0) < 1)
                wrong.push(`${formatRef(refOf(declared))} ${name}: no route attached`);
            }
          }
          return wrong;
        });
      });

      it("accepts every route for every parent, its references resolved", async () => {
        const routes = lab.rehearsed.registrations
          .flatMap(({ object }) => (object ? [object] : []))
          .filter(({ kind }: KubeObject) => ["HTTPRoute", "TLSRoute"].includes(kind));
        assert.ok(routes.length > 0);
        await settled("every route to be accepted", async () => {
          const wrong: string[] = [];
          for (const declared of routes) {
            const { status, spec } = await lab.live(declared);
            const parents = fieldsList(fieldsAt(status).parents);
            if (parents.length < fieldsList(fieldsAt(spec).parentRefs).length)
              wrong.push(`${formatRef(refOf(declared))}: ${parents.length} parents`);
            for (const parent of parents) {
              const { Accepted, ResolvedRefs } = conditionsOf(parent);
              if (Accepted !== "True" || ResolvedRefs !== "True")
                wrong.push(`${formatRef(refOf(declared))}: ${JSON.stringify(parent.conditions)}`);
            }
          }
          return wrong;
        });
      });

      it("gives every answer that the stack promises, over trusted chains, through server: istio-envoy", async () => {
        const requests = promisedRequests(lab.rehearsed.outputs);
        assert.ok(requests.length > 0);
        for (const { request } of requests) {
          const asked = `${request.scheme}://${request.host}${request.path}`;
          // Envoy takes its configuration a moment after istiod has written the status
          const answer = await eventually(asked, 20, async () => {
            const got = await lab.ask(request);
            const found = differences(request.expect, got);
            if (found.length > 0)
              throw new Error(
                `${found.map(({ field, expected, got: was }) => `${field}: ${was} instead of ${expected}`).join(", ")} ${got.error ?? ""}`,
              );
            return got;
          });
          if (answer.status > 0 && !isPassedThrough(lab, request.gateway, request.port))
            assert.equal(answer.headers.server, "istio-envoy", asked);
        }
      });
    });

  describe("generated routes on the real istiod and Envoy and on the rehearsal's gateway", function () {
    this.timeout(600_000);
    agreementSuite(lab);
  });
});

/** Whether the Gateway's listener at that port passes TLS through: then no header of Envoy can be there. */
function isPassedThrough(lab: GatewayLab, gateway: string | undefined, port: number): boolean {
  return lab.gateways().some(({ metadata, spec }) => {
    if (`${metadata.namespace}/${metadata.name}` !== gateway) return false;
    const listener = fieldsList(fieldsAt(spec).listeners).find((one) => one.port === port);
    return listener?.protocol === "TLS";
  });
}
