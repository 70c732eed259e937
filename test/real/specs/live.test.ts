import { LiveLab } from "../live/live-lab.ts";
import { doctorSuite } from "../live/suites/doctor.ts";
import { exercisesSuite } from "../live/suites/exercises.ts";
import { statusesSuite } from "../live/suites/statuses.ts";
import { verifySuite } from "../live/suites/verify.ts";

for (const stack of ["learn-05", "learn-03-07"])
  describe(`${stack} on the real API server, istiod, MetalLB and Envoy`, function () {
    this.timeout(120_000);
    const lab = new LiveLab(stack);

    before(() => lab.start());
    after(() => lab.stop());

    describe("statuses", () => statusesSuite(lab));
    describe("verify", () => verifySuite(lab));
    if (stack !== "learn-03-07") return;
    describe("exercises", () => exercisesSuite(lab));
    describe("doctor", () => doctorSuite(lab));
  });
