#!/usr/bin/env node
// Stands in for kubectl, because no kubelet runs in the lab: `kubectl exec` is carried to the container's namespaces
// directly instead of through API server and kubelet. Every other command goes to the real kubectl unchanged.
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

const { LAB_PODS: pods = "", LAB_KUBECTL: real = "", LAB_KUBECTL_LOG: log, ...env } = process.env;
const args = process.argv.slice(2);
if (log) appendFileSync(log, `${JSON.stringify(args)}\n`);

function run(command, commandArgs, commandEnv) {
  const child = spawn(command, commandArgs, { stdio: "inherit", env: commandEnv });
  child.on("error", (error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 137 : 1)));
}

/** What stands before `--`: options with and without values, then the pod's name. */
function parse(words) {
  const found = { namespace: "default", container: null, names: [] };
  for (let i = 0; i < words.length; i++) {
    const [flag, inline] = words[i].split(/=(.*)/s);
    const value = () => inline ?? words[++i];
    if (["-n", "--namespace"].includes(flag)) found.namespace = value();
    else if (["-c", "--container"].includes(flag)) found.container = value();
    else if (["--context", "--kubeconfig", "--request-timeout", "--pod-running-timeout"].includes(flag)) value();
    else if (["-i", "--stdin", "-q", "--quiet"].includes(flag)) continue;
    else if (flag.startsWith("-")) throw new Error(`unknown flag: ${flag}`);
    else found.names.push(words[i]);
  }
  return found;
}

const separator = args.indexOf("--");
const verb = parseVerb(args.slice(0, separator < 0 ? undefined : separator));
function parseVerb(words) {
  try {
    return parse(words);
  } catch {
    return null;
  }
}

if (args.includes("exec") && verb?.names[0] === "exec") {
  const pod = (verb.names[1] ?? "").replace(/^pods?\//, "");
  const command = separator < 0 ? verb.names.slice(2) : args.slice(separator + 1);
  let container;
  try {
    const name = verb.container ?? env.LAB_DEFAULT_CONTAINER ?? "vault";
    container = JSON.parse(readFileSync(join(pods, verb.namespace, pod, `${name}.json`), "utf8"));
  } catch {
    process.stderr.write(`Error from server (NotFound): pods "${pod}" not found\n`);
    process.exit(1);
  }
  const words = Object.entries(container.env).map(([key, value]) => `${key}=${value}`);
  const enter = ["-t", String(container.pid), "-m", "-n", "-p", "-r", "-w", "/bin/env", "-i", ...words, ...command];
  run("nsenter", enter, env);
} else {
  run(real, args, env);
}
