import type { EncryptionResult } from "../../commands/cluster-steps.ts";
import { type Report, StepFailure } from "../../commands/script.ts";
import { encryptionDocument, readDocument } from "./document.ts";
import type { KeyRing, WantedKey } from "./key-ring.ts";
import { KeyConflict, type RotationStep, rotationSteps } from "./rotation.ts";

/** Where the API server's file lies: on a minikube node and on its host, or wherever a test runs an API server. */
export interface DocumentStore {
  /** Every copy there is, the API server's own first; an absent one is left out. */
  read(): Promise<readonly string[]>;
  /** Writes all copies. A failure may leave some written: {@link rotationSteps} copes with that. */
  write(document: string): Promise<void>;
  /** Commands by which a person takes all copies away, one a line. */
  readonly removal?: readonly string[];
}

/** What is asked of the API server. */
export interface ApiServer {
  /** Waits until it encrypts by this very document. */
  untilLoaded(document: string): Promise<void>;
  /** Reads all objects and writes them back unchanged; names as EncryptionConfiguration takes them. */
  rewrite(resources: readonly string[]): Promise<void>;
}

/**
 * Brings a running API server to the wanted key: see {@link rotationSteps}. Safe to run at any time, again after a fault,
 * and on a cluster that has been encrypted with this key from its first minute.
 *
 * @throws StepFailure when the file on the node is not one of ours, or two keys have one name.
 */
export async function rotate(
  wanted: WantedKey,
  store: DocumentStore,
  server: ApiServer,
  report: Report,
): Promise<EncryptionResult> {
  for (const step of stepsOf(await ringsOf(store), wanted, store)) {
    if (step.kind === "load") {
      const document = encryptionDocument(step.ring);
      report(`Encryption: ${step.why}`);
      await store.write(document);
      await server.untilLoaded(document);
    } else {
      report(`Encryption: rewriting ${step.resources.join(", ")}`);
      await server.rewrite(step.resources);
    }
  }
  return { key: wanted.key.name, provider: wanted.key.provider, resources: wanted.resources };
}

async function ringsOf(store: DocumentStore): Promise<KeyRing[]> {
  return (await store.read()).map((document) => {
    const ring = readDocument(document);
    // Overwriting a configuration that cannot be understood could make every Secret unreadable.
    if (ring === undefined)
      throw new StepFailure("the API server's EncryptionConfiguration was changed by hand; it is left alone");
    return ring;
  });
}

function stepsOf(found: readonly KeyRing[], wanted: WantedKey, { removal = [] }: DocumentStore): RotationStep[] {
  try {
    return rotationSteps(found, wanted);
  } catch (error) {
    if (!(error instanceof KeyConflict)) throw error;
    throw new StepFailure([error.message, ...wayBack(removal)].join("\n"));
  }
}

/** The other reading of the same finding: the file is wrong, and Pulumi's state still has the key that Secrets need. */
function wayBack(removal: readonly string[]): string[] {
  if (removal.length === 0) return [];
  return [
    "If Secrets cannot be read any more (kubectl get secrets --all-namespaces fails), it is the API server's file that holds a wrong key, and Pulumi's state still holds the right one. To get the Secrets back, take the file away and run the same command again, which writes it anew:",
    ...removal.map((command) => `  ${command}`),
  ];
}
