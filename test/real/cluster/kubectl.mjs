#!/usr/bin/env node
// Stands in for kubectl, because no kubelet runs in the lab: `kubectl exec` is carried to the container's namespaces
// directly instead of through API server and kubelet. Every other command goes to the real kubectl unchanged.
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// With LAB_KILL="after 2" the second call that changes something is carried out, and then the whole step that made it is
// killed with SIGKILL before it hears of it; with "during 2" the step is killed while that call is being carried out.
const { LAB_PODS: pods = "", LAB_KUBECTL: real = "", LAB_KUBECTL_LOG: log, LAB_KILL: kill, ...env } = process.env;
const args = process.argv.slice(2);
const killing = kill && changes(args) ? killMode(kill) : null;
if (log) appendFileSync(log, `${JSON.stringify(args)}\n`);

/** Whether a call changes something: in Vault, in a pod or at the API server. */
function changes(words) {
  const text = words.join(" ");
  if (/sys\/tools\/random/.test(text)) return false;
  return (
    / vault (write|delete) /.test(` ${text} `) || /operator init -format|rm -f|kill -HUP| create -f /.test(` ${text} `)
  );
}

/** "after" or "during" when this is the call to be killed at. Each step has a directory of its own to count in. */
function killMode(wanted) {
  const [mode, count] = wanted.split(" ");
  let nth = 1;
  while (!taken(`${process.env.LAB_KILL_COUNT}.${nth}`)) nth++;
  return nth === Number(count) ? mode : null;
}

function taken(path) {
  try {
    writeFileSync(path, "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

function killStep() {
  process.kill(0, "SIGKILL");
}

function run(command, commandArgs, commandEnv) {
  // as on a cluster, what was begun in a pod goes on when whoever asked for it is gone: it is in no group of the step's
  const child = spawn(command, commandArgs, { stdio: "inherit", env: commandEnv, detached: true });
  if (killing === "after") child.on("exit", killStep);
  if (killing === "during") child.on("spawn", () => setTimeout(killStep, 30));
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
