import { availableParallelism } from "node:os";

export default {
  "node-option": ["import=tsx/esm", "require=./tools/plain-errors.cjs"],
  ignore: ["test/real/**"],
  timeout: 20_000,
  // Each job compiles what it tests once more: beyond eight they only wait for each other.
  jobs: Math.min(8, Math.max(2, availableParallelism())),
};
