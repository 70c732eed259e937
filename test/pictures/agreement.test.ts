import assert from "node:assert/strict";
import { planGateway } from "../../lab/gateway/plan/gateway-plan.ts";
import { type RequestPath, traceRequest } from "../../lab/pictures/trace-request.ts";
import type { Expectation } from "../../lab/probe/model.ts";
import { promisedRequests } from "../../lab/rehearsal/answers/requests.ts";
import { topologyOf } from "../../lab/stack/topology.ts";
import { rehearsed } from "../support/rehearsed.ts";
import { stackNames } from "../support/stack-files.ts";

describe("what the page says about the stacks' own requests", () => {
  for (const stack of stackNames()) {
    it(`is what ${stack} promises`, async () => {
      const run = await rehearsed(stack);
      const plan = planGateway(topologyOf(run));
      for (const { request } of promisedRequests(run.outputs)) {
        const { scheme, host, port, path: target, method = "GET", gateway, sni } = request;
        const path = traceRequest(plan, {
          method,
          url: `${scheme}://${host}${target}`,
          headers: { ...request.headers },
          port,
          gateway: gateway === "ingress" ? undefined : gateway,
          sni,
        });
        const asked = `${method} ${scheme}://${host}${target}`;
        assert.equal(resultOf(path), promiseOf(request.expect), `${asked}: ${path.why}`);
      }
    });
  }
});

function resultOf({ outcome, status, location }: RequestPath): string {
  if (outcome === "refused") return "refused";
  if (outcome !== "answered") return "200";
  return location === undefined ? String(status) : `${status} ${location}`;
}

function promiseOf({ refused, status = 200, redirectTo }: Expectation = {}): string {
  if (refused) return "refused";
  return redirectTo === undefined ? String(status) : `${status} ${redirectTo}`;
}
