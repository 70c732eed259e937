import { execa } from "execa";

/**
 * `npm test`: types, lint and unit tests at the same time. The tests tell how they fare as they run; what the others have
 * to say comes after them, whole.
 */
const checks = ["types", "lint"].map((name) => ({
  name,
  done: execa("npm", ["run", "--silent", name], { all: true, reject: false }),
}));
const tests = await execa("npm", ["run", "--silent", "unit"], { stdio: "inherit", reject: false });

let failed = tests.failed;
for (const { name, done } of checks) {
  const check = await done;
  if (check.failed) process.stdout.write(`${check.all}\n`);
  process.stdout.write(`${name}: ${check.failed ? "FAILED" : "as it should be"}\n`);
  failed ||= check.failed;
}
process.exitCode = failed ? 1 : 0;
