import { settingsOf } from "../../components/cluster/minikube/settings.ts";

const config = {
  driver: "docker",
  cpus: 4,
  memory: "8g",
  containerRuntime: "containerd",
  switchContext: false,
} as const;

/** What learn-05 wants of minikube, Secrets not encrypted. */
export const minikubeSettings = settingsOf("learn-05", config, { kubernetes: "v1.36.4" }, false);
