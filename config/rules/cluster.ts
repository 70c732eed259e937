import { unlessUnreadable } from "../gaps.ts";
import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";

/** Rules between the cluster and what is installed on it. */
export function clusterProblems(prototype: Prototype): Problem[] {
  return unlessUnreadable(
    () => hostProblems(prototype),
    () => vaultProblems(prototype),
    () => signingCycles(prototype.vault.pki),
  );
}

function hostProblems({ cluster, platform, encryption }: Prototype): Problem[] {
  const problems: Problem[] = [];
  const { minikube } = cluster;
  if (!minikube) {
    if (encryption) {
      problems.push({
        path: ["encryption"],
        message:
          "needs a minikube cluster of the stack's own (learn:cluster.minikube): the API server of an existing cluster is not ours to restart",
      });
    }
    if (platform.metallb && platform.metallb.addresses === undefined) {
      problems.push({
        path: ["platform", "metallb", "addresses"],
        message:
          "missing; on an existing cluster the pool cannot be derived: give a range of its network, or leave out metallb where the cluster has a load balancer",
      });
    }
  } else {
    if (cluster.kubeconfig !== undefined) {
      problems.push({
        path: ["cluster", "kubeconfig"],
        message: "goes with context; minikube uses kubectl's own file",
      });
    }
    if (cluster.loadBalancer !== undefined) {
      problems.push({
        path: ["cluster", "loadBalancer"],
        message: "goes with context; on minikube use platform.metallb",
      });
    }
    if (minikube.subnet !== undefined && !["docker", "podman"].includes(minikube.driver)) {
      problems.push({
        path: ["cluster", "minikube", "subnet"],
        message: `expected driver docker or podman beside it, got driver ${minikube.driver}, which takes no subnet`,
      });
    }
  }
  return problems;
}

function vaultProblems({ platform, vault }: Prototype): Problem[] {
  const problems: Problem[] = [];
  if (Object.keys(vault.pki).length + Object.keys(vault.kv).length > 0 && !platform.vault) {
    problems.push({
      path: ["vault"],
      message: "configures Vault, but learn:platform.vault is missing; add vault: {} there",
    });
  }
  for (const [mount, engine] of Object.entries(vault.pki)) {
    if (engine.signedBy !== undefined && !(engine.signedBy in vault.pki)) {
      problems.push({
        path: ["vault", "pki", mount, "signedBy"],
        message: `expected another mount of learn:vault.pki, got "${engine.signedBy}"`,
      });
    }
  }
  return problems;
}

function signingCycles(pki: Prototype["vault"]["pki"]): Problem[] {
  return Object.keys(pki).flatMap((mount) => {
    const seen = new Set<string>();
    for (let at: string | undefined = mount; at !== undefined; at = pki[at]?.signedBy) {
      if (seen.has(at)) {
        return at === mount
          ? [
              {
                path: ["vault", "pki", mount, "signedBy"],
                message: `the chain of signers comes back to "${mount}"; one must be a root`,
              },
            ]
          : [];
      }
      seen.add(at);
    }
    return [];
  });
}
