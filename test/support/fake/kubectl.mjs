import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMachines } from "./minikube.mjs";

const born = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** A kubectl for tests: answers from the fake minikube's machines. Returns the exit code. */
export async function kubectl(argv, env, out, err) {
  const home = join(env.MINIKUBE_HOME ?? "", ".minikube");
  const context = argv[argv.indexOf("--context") + 1] ?? "";
  const mood = JSON.parse(env.FAKE_KUBECTL ?? "{}");
  const machine = readMachines(home)[context];
  const said = argv.join(" ");
  const asked = (words) => said.includes(words);
  if (existsSync(home)) appendFileSync(join(home, "kubectl.log"), `${said}\n`);

  if (asked("version --client"))
    out(JSON.stringify({ clientVersion: { gitVersion: env.FAKE_KUBECTL_VERSION ?? "v1.36.4" } }));
  else if (machine === undefined) return fail(`context "${context}" does not exist`, err);
  else if (asked("get namespace kube-system")) out(machine.uid);
  else if (asked("get namespaces"))
    out([...born, ...(mood.namespaces ?? [])].map((name) => `namespace/${name}`).join("\n"));
  else if (asked("get secrets,deployments")) out((mood.inDefault ?? []).join("\n"));
  else if (asked("--raw=/metrics")) {
    const flag = machine.flags.find((one) => one.startsWith("apiserver.encryption-provider-config="));
    const file = join(home, "nodes", context, flag?.split("=")[1] ?? "/none");
    const hash = existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : "";
    out(
      `apiserver_encryption_config_controller_last_config_info{apiserver_id_hash="sha256:1",hash="sha256:${hash}"} 1`,
    );
  } else if (asked("get secrets --all-namespaces"))
    out(JSON.stringify({ kind: "List", items: [{ kind: "Secret", metadata: { name: "a", namespace: "default" } }] }));
  else if (asked("replace --filename=-")) return mood.failReplace === undefined ? 0 : fail(mood.failReplace, err);
  else return fail(`the fake kubectl does not know: ${said}`, err);
  return 0;
}

function fail(message, err) {
  err(message);
  return 1;
}
