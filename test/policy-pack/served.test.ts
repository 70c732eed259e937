import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import analyzerService from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type { AnalyzeDiagnostic } from "@pulumi/pulumi/proto/analyzer_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { execa, type ResultPromise } from "execa";
import { Struct } from "../../lab/rehearsal/engine/protocol.ts";
import { brokenStack } from "./broken-stack.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** The pack as Pulumi's CLI runs it, by the SDK's own `cmd/run-policy-pack`, asked over its protocol; the CLI is not here. */
describe("policy pack, served", function () {
  this.timeout(60_000);
  let pack: ResultPromise;
  let client: InstanceType<typeof analyzerService.AnalyzerClient>;

  before(async () => {
    const run = fileURLToPath(import.meta.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js"));
    pack = execa("node", [run, "127.0.0.1:0", "."], { cwd: `${project}policy-pack`, reject: false, stdin: "ignore" });
    assert.ok(pack.stdout);
    const [port] = await once(pack.stdout, "data");
    client = new analyzerService.AnalyzerClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
  });
  after(async () => {
    client.close();
    pack.kill();
    await pack;
  });

  it("reports a broken wire as mandatory and a doubtful one as advisory", async () => {
    const request = new analyzer.AnalyzeStackRequest();
    for (const { type, urn, props } of brokenStack) {
      const resource = new analyzer.AnalyzerResource();
      resource.setType(type);
      resource.setUrn(urn);
      resource.setName(urn.slice(urn.lastIndexOf("::") + 2));
      resource.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(props))));
      resource.setOptions(new analyzer.AnalyzerResourceOptions());
      request.addResources(resource);
    }
    const diagnostics = await new Promise<AnalyzeDiagnostic[]>((resolve, reject) => {
      client.analyzeStack(request, (error, response) => {
        if (error !== null) reject(error);
        else resolve(response.getDiagnosticsList());
      });
    });
    const { MANDATORY, ADVISORY } = analyzer.EnforcementLevel;
    assert.deepEqual(
      diagnostics.map((one) => [one.getPolicyname(), one.getEnforcementlevel(), one.getUrn().split("::").at(-1)]),
      [
        ["wiring", MANDATORY, "cart"],
        ["wiring-doubts", ADVISORY, "cart"],
      ],
    );
    assert.match(diagnostics[0]?.getMessage() ?? "", /W21 HTTPRoute shop\/cart → Gateway shop\/edge/);
  });
});
