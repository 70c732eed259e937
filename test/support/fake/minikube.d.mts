/** How it misbehaves (environment FAKE_MINIKUBE). */
export interface MinikubeMood {
  readonly failStart?: string;
  readonly failDelete?: string;
  readonly failSsh?: boolean;
  readonly failCopy?: boolean;
  /** Comes up, but with everything gone. */
  readonly resetOnStart?: boolean;
  /** `start` takes a minute. */
  readonly hang?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Print = (line: string) => void;

export function minikube(argv: readonly string[], env: Environment, out: Print, err: Print): Promise<number>;
