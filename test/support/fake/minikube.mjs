import { randomUUID } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A minikube for tests: keeps "machines" in MINIKUBE_HOME/.minikube/machines.json and does, with files, what minikube
 * does. Returns the exit code.
 */
export async function minikube(argv, env, out, err) {
  const home = join(env.MINIKUBE_HOME ?? "", ".minikube");
  const [verb = "", ...args] = argv;
  const mood = JSON.parse(env.FAKE_MINIKUBE ?? "{}");
  const option = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const profile = option("profile") ?? "minikube";
  const directory = join(home, "profiles", profile);
  const onNode = (path) => join(home, "nodes", profile, path);
  const machines = readMachines(home);
  const machine = machines[profile];
  const save = () => writeFileSync(join(home, "machines.json"), JSON.stringify(machines));
  const event = (type, data) => out(JSON.stringify({ specversion: "1.0", type: `io.k8s.sigs.minikube.${type}`, data }));

  mkdirSync(home, { recursive: true });
  appendFileSync(join(home, "calls.log"), `${argv.join(" ")}\n`);

  switch (verb) {
    case "version":
      out(env.FAKE_MINIKUBE_VERSION ?? "v1.39.0");
      return 0;
    case "start": {
      event("step", { currentstep: "0", totalsteps: "19", message: "minikube v1.39.0 on Linux", name: "Setup" });
      const { failStart, hang, resetOnStart } = mood;
      const config = {
        Driver: option("driver"),
        KubernetesConfig: { KubernetesVersion: option("kubernetes-version") },
      };
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, "config.json"), JSON.stringify({ Name: profile, ...config }));
      const started = machine ?? { uid: randomUUID(), flags: [], running: false };
      machines[profile] = started;
      save();
      if (hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
      if (failStart !== undefined) {
        event("warning", { message: "Your memory is low" });
        event("error", { exitcode: "80", message: failStart, advice: "Restart Docker", name: "GUEST_PROVISION" });
        return 80;
      }
      const flags = args.flatMap((arg) => (arg.startsWith("--extra-config=") ? [arg.slice(15)] : []));
      if (flags.length > 0) started.flags = flags;
      if (resetOnStart) started.uid = randomUUID();
      started.running = true;
      if (existsSync(join(home, "files"))) cpSync(join(home, "files"), onNode("/"), { recursive: true });
      save();
      event("step", { currentstep: "19", totalsteps: "19", message: "Done!", name: "Done" });
      return 0;
    }
    case "stop":
      if (machine) machine.running = false;
      save();
      return 0;
    case "delete":
      if (mood.failDelete !== undefined) {
        event("error", { message: mood.failDelete });
        return 80;
      }
      delete machines[profile];
      save();
      rmSync(directory, { recursive: true, force: true });
      rmSync(onNode(""), { recursive: true, force: true });
      return 0;
    case "status": {
      const state = machine === undefined ? "Nonexistent" : machine.running ? "Running" : "Stopped";
      out(JSON.stringify({ Name: profile, Host: state, Kubelet: state, APIServer: state, Kubeconfig: "Configured" }));
      return state === "Running" ? 0 : 7;
    }
    case "ip":
      out("192.168.49.2");
      return 0;
    case "ssh": {
      if (mood.failSsh) {
        err("ssh: connection refused");
        return 1;
      }
      const path = /sudo cat ([^\s;]+)/.exec(args.at(-1) ?? "")?.[1];
      // Through a terminal, lines end the way terminals want them.
      if (path && existsSync(onNode(path))) out(readFileSync(onNode(path), "utf8").replaceAll("\n", "\r\n"));
      return 0;
    }
    case "cp": {
      if (mood.failCopy) {
        err("no space left on device");
        return 1;
      }
      const [from = "", to = ""] = args.filter((arg) => !arg.startsWith("--"));
      cpSync(from, onNode(to));
      return 0;
    }
    default:
      err(`unknown command ${verb}`);
      return 64;
  }
}

export function readMachines(home) {
  const file = join(home, "machines.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
