/** What it finds on the cluster, and how it misbehaves (environment FAKE_KUBECTL). */
export interface KubectlMood {
  readonly namespaces?: readonly string[];
  readonly inDefault?: readonly string[];
  readonly failReplace?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Print = (line: string) => void;

export function kubectl(argv: readonly string[], env: Environment, out: Print, err: Print): Promise<number>;
