import assert from "node:assert/strict";
import { differences } from "../../../lab/probe/expectation.ts";
import type { Expectation, ProbeRequest } from "../../../lab/probe/model.ts";
import { type Run, run, service } from "../run.ts";

/** The backends of every block, in namespace `infra`. */
export const SERVICES = ["one", "two", "three"].map((name) => service(name)).join("");

/** A URL, what is expected of it, and what is other about the request. */
export type Case = [url: string, expect: Expectation, more?: Partial<ProbeRequest>];

/** A block of requests against one set of manifests, all within one running gateway. */
export function block(name: string, yaml: string, cases: readonly Case[]): void {
  describe(name, () => {
    let running: Run;
    before(async () => {
      running = await run(yaml + SERVICES);
    });
    after(() => running.close());
    for (const [url, expect, more] of cases) {
      const wanted = JSON.stringify(expect);
      it(`${more?.method ?? "GET"} ${url} ${more ? `${JSON.stringify(more)} ` : ""}→ ${wanted}`, async () => {
        assert.deepEqual(differences(expect, await running.ask(url, more)), []);
      });
    }
  });
}
