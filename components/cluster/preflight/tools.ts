import type { MinikubeConfig } from "../../../config/schema.ts";
import type { Versions } from "../../../config/versions.ts";
import { anyVersion, type Requirement } from "./requirements.ts";

/** minikube knows each Kubernetes version from some release on; the pin is the release tried with ours. */
export function minikubeTool({ minikube }: Pick<Versions, "minikube">): Requirement {
  return {
    tool: "minikube",
    args: ["version", "--short"],
    least: minikube.replace(/^v/, ""),
    home: "https://minikube.sigs.k8s.io/docs/start/",
    version: anyVersion,
  };
}

/**
 * kubectl may be one minor older than the API server (https://kubernetes.io/releases/version-skew-policy/#kubectl);
 * of a cluster that is not ours the version is not known, and any that still gets fixes will do.
 */
export function kubectlTool(kubernetes?: string): Requirement {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(kubernetes ?? "") ?? [];
  return {
    tool: "kubectl",
    args: ["version", "--client", "--output=json"],
    least: minor === undefined ? "1.31" : `${major}.${Number(minor) - 1}`,
    home: "https://kubernetes.io/docs/tasks/tools/",
    version: anyVersionAfter("gitVersion"),
  };
}

/** The program behind each driver of minikube; a driver without an entry is part of the operating system. */
export function driverTool(driver: MinikubeConfig["driver"], arch: string = process.arch): Requirement | undefined {
  switch (driver) {
    case "docker":
      return {
        tool: "docker",
        args: ["version", "--format={{.Server.Version}}"],
        least: "20.10",
        home: "https://docs.docker.com/get-started/get-docker/",
        whenItFails: "Start Docker, and see that you may use it: docker info",
        version: anyVersion,
      };
    case "podman":
      return {
        tool: "podman",
        args: ["version", "--format={{.Version}}"],
        least: "4.9",
        home: "https://podman.io/docs/installation",
        whenItFails: "Start its machine: podman machine start",
        version: anyVersion,
      };
    case "kvm2":
      return virtualMachine("virsh", "https://minikube.sigs.k8s.io/docs/drivers/kvm2/");
    case "qemu2": {
      const machine = arch === "arm64" ? "aarch64" : "x86_64";
      return virtualMachine(`qemu-system-${machine}`, "https://minikube.sigs.k8s.io/docs/drivers/qemu/");
    }
    case "virtualbox":
      return virtualMachine("VBoxManage", "https://minikube.sigs.k8s.io/docs/drivers/virtualbox/");
    case "vfkit":
    case "hyperkit":
    case "krunkit":
      return virtualMachine(driver, `https://minikube.sigs.k8s.io/docs/drivers/${driver}/`);
    case "hyperv":
      return undefined;
  }
}

function virtualMachine(tool: string, home: string): Requirement {
  return { tool, args: ["--version"], home, version: anyVersion };
}

function anyVersionAfter(word: string): (text: string) => string | undefined {
  return (text) => anyVersion(text.slice(Math.max(0, text.indexOf(word))));
}
