import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnosis } from "../../../../lab/doctor/diagnosis.ts";
import { examinationText } from "../../../../lab/doctor/report.ts";
import { assertDiagnosed } from "../../../support/diagnosis.ts";
import { eventually } from "../../lab/wait.ts";
import { Changes } from "../changes.ts";
import { diseases } from "../diseases.ts";
import type { LiveLab } from "../live-lab.ts";
import { aGateway, anApp, aRoute } from "../objects.ts";

/** The doctor on a stack that is up: learn-03-07, which has a Gateway of every sort. Ends with the API server gone. */
export function doctorSuite(lab: LiveLab): void {
  const { stack } = lab;
  let changes: Changes;

  beforeEach(() => {
    changes = new Changes(lab.client);
  });
  afterEach(() => changes.undo());

  /** Waits until no path is broken: controllers follow a change, and its undoing, by a moment. */
  const healthy = () =>
    eventually("every path to hold", 30, async () => {
      const examination = await lab.examine();
      const broken = examination.diagnoses.filter((diagnosis) => diagnosis.broken);
      if (broken.length > 0 || examination.doubts.length > 0) throw new Error(examinationText(examination));
      return true;
    });

  it("finds every path of a healthy stack whole, and says so with exit code 0", async () => {
    await healthy();
    const { code, stdout, stderr } = await lab.command("doctor", stack);
    assert.equal(code, 0, stdout + stderr);
    for (const path of [
      "HTTP any host:80 → Gateway apple/apple-gateway, listener http → HTTPRoute apple/apple",
      "HTTP any host:80 → Gateway book/bookinfo-gateway, listener http → HTTPRoute book/bookinfo",
      "HTTP mango.example.com:80 → Gateway mango/mango-gateway, listener http → HTTPRoute mango/mango",
      "HTTPS mango.example.com:443 → Gateway mango/mango-gateway, listener https → HTTPRoute mango/mango",
      "TLS nginx.example.com:443 → Gateway nginx/nginx-gateway, listener tls → TLSRoute nginx/nginx",
    ])
      assert.ok(stdout.includes(`✓ ${path}\n`), `${path} is not in\n${stdout}`);
    assert.match(stdout, /\d+ paths, every wire holds as far as the cluster tells;/);
  });

  for (const { title, make, until, wanted } of diseases)
    it(title, async () => {
      await make(changes, lab);
      await eventually(`the cluster to show: ${title}`, 30, () => until(lab));
      // the last of several controllers may be a moment behind the first
      await eventually("the doctor to name the first broken wire", 10, async () => {
        assertDiagnosed(wanted, (await lab.examine()).diagnoses);
        return true;
      });
      await changes.undo();
      await healthy();
    });

  it("says what is broken as text and with exit code 1", async () => {
    await changes.add(aRoute("HTTPRoute", "apple", "fig", { name: "aple-gateway" }, { name: "apple-svc", port: 8000 }));
    const { code, stdout, stderr } = await lab.command("doctor", stack);
    assert.equal(code, 1, stderr);
    assert.match(
      stdout,
      /✗ HTTPRoute apple\/fig\n {4}HTTPRoute apple\/fig → Gateway apple\/aple-gateway\n {4}it says: no controller .*\n {4}meaning: .*T15\)\n {4}next: set parentRefs: \[\{ name: apple-gateway \}\]/,
    );
    assert.match(stdout, /1 of \d+ paths is broken; mend the first one first/);
  });

  it("--context walks objects that no stack has made", async () => {
    await changes.add({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    await changes.add(...anApp("shop", "web"), aGateway("shop", "edge"));
    await changes.add(aRoute("HTTPRoute", "shop", "web", { name: "edge" }, { name: "web", port: 80 }));
    const path = "HTTP any host:80 → Gateway shop/edge, listener http → HTTPRoute shop/web";
    const said = await eventually("the shop's path to hold", 30, async () => {
      const { code, stdout, stderr } = await lab.command("doctor", "--context", stack, "--json");
      if (code !== 0) throw new Error(stdout + stderr);
      return stdout;
    });
    const { diagnoses }: { diagnoses: Diagnosis[] } = JSON.parse(said);
    assert.deepEqual(
      diagnoses.filter((one) => one.path.includes("shop")),
      [{ path }],
    );
  });

  describe("for a reader with few rights", () => {
    it("names what may not be listed, once and without a stack trace", async () => {
      await mayList(["pods", "services", "namespaces"]);
      const { code, stdout, stderr } = await lab.command(
        "doctor",
        "--context",
        "reader",
        "--kubeconfig",
        await reader(),
      );
      assert.equal(code, 2, stdout);
      assert.match(
        stderr,
        /error: context reader may not list gatewayclasses\.gateway\.networking\.k8s\.io, .*: ask for a role/,
      );
      assert.doesNotMatch(stderr, /context reader may not list [^:]*\bpods\b|\n {4}at /);
    });

    it("judges all but what hangs on Secrets and rights, and says so", async () => {
      const hidden = ["secrets", "configmaps", "serviceaccounts", "roles", "rolebindings", "events"];
      await mayList(["*"], hidden);
      const { code, stdout, stderr } = await lab.command(
        "doctor",
        "--context",
        "reader",
        "--kubeconfig",
        await reader(),
      );
      assert.equal(code, 0, stdout + stderr);
      assert.match(stderr, /may not list events, .*secrets.*: what depends on them is not judged/);
    });
  });

  // last: nothing works after it
  describe("on a cluster that is gone", () => {
    it("says of a cluster that is gone what to do, once and without a stack trace", async () => {
      await lab.gateways.plane.apiServer.stop();
      const { code, stdout, stderr } = await lab.command("doctor", stack);
      assert.equal(code, 2, stdout);
      assert.match(
        stderr,
        /error: the cluster behind context learn-03-07 does not answer: .*refused.*minikube status -p learn-03-07/,
      );
      assert.doesNotMatch(stderr, /\n {4}at /);
    });
  });

  /** A ServiceAccount that may list these kinds, or all that the doctor reads but those. */
  async function mayList(resources: string[], hidden: readonly string[] = []): Promise<void> {
    const all = [...(await lab.client.resourceNames())].filter((name) => !hidden.includes(name));
    const rules = [{ apiGroups: ["*"], resources: resources[0] === "*" ? all : resources, verbs: ["get", "list"] }];
    const group = "rbac.authorization.k8s.io";
    await changes.add(
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "reader", namespace: "default" } },
      { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata: { name: "reader" }, rules },
      {
        apiVersion: `${group}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name: "reader" },
        roleRef: { apiGroup: group, kind: "ClusterRole", name: "reader" },
        subjects: [{ kind: "ServiceAccount", name: "reader", namespace: "default" }],
      },
    );
  }

  /** A kubeconfig with the reader's token, under the context `reader`. */
  async function reader(): Promise<string> {
    const audience = ["https://kubernetes.default.svc.cluster.local"];
    const { token } = (await lab.client.serviceAccountToken("default", "reader", audience)).body.status;
    const config = JSON.parse(readFileSync(lab.kubeconfig, "utf8"));
    const [context] = config.contexts;
    const mine = {
      ...config,
      users: [{ name: "reader", user: { token } }],
      contexts: [{ name: "reader", context: { ...context.context, user: "reader" } }],
    };
    const file = join(lab.gateways.plane.directory, "reader.kubeconfig");
    writeFileSync(file, JSON.stringify(mine), { mode: 0o600 });
    return file;
  }
}
