import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MinikubeHome } from "../minikube/home.ts";
import { encryptionDocument } from "./document.ts";
import { ringOf, type WantedKey } from "./key-ring.ts";

/**
 * Where the file lies on the node: of the directories that minikube mounts into the API server, this one survives a
 * restart on every driver and is not world-readable. minikube cannot mount others.
 */
const directory = "/var/lib/minikube/certs";

/** The name carries the profile, because minikube copies these files into the nodes of every profile on the machine. */
export function nodePath(profile: string): string {
  return `${directory}/${profile}-encryption.yaml`;
}

/** The host's copy: minikube puts it in place before it starts Kubernetes, at every start. */
export function hostPath(home: Pick<MinikubeHome, "files">, profile: string): string {
  return join(home.files, ...directory.split("/"), `${profile}-encryption.yaml`);
}

/** Flags of the API server, as `minikube start --extra-config` takes them; minikube keeps them with the profile. */
export function encryptionFlags(profile: string): string[] {
  return [
    `apiserver.encryption-provider-config=${nodePath(profile)}`,
    "apiserver.encryption-provider-config-automatic-reload=true",
  ];
}

export interface EncryptionFile {
  /** Writes the configuration of a cluster that begins with the wanted key. */
  write(): void;
  remove(): void;
}

export function encryptionFile(home: MinikubeHome, profile: string, wanted?: WantedKey): EncryptionFile {
  const path = hostPath(home, profile);
  return {
    write: () => {
      if (wanted !== undefined) writeSecret(path, encryptionDocument(ringOf(wanted)));
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/** Readable by its owner alone; minikube keeps the mode when it copies the file. */
export function writeSecret(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o600 });
}
