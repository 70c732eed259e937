import { kubectl } from "./kubectl.mjs";
import { minikube } from "./minikube.mjs";

// What the executables of a fake machine run: `main.ts <program> <arguments>`.
const programs = { minikube, kubectl };
const [name, ...args] = process.argv.slice(2);
const program = name === "minikube" || name === "kubectl" ? programs[name] : undefined;
process.exitCode = await program?.(args, process.env, console.log, console.error);
