/**
 * A door that everything which changes a cluster waits at until the whole program has been looked at. While it stays shut
 * nothing is registered that depends on it, so a program whose wiring is broken applies nothing at all, not even with
 * `pulumi up --skip-preview`.
 */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
