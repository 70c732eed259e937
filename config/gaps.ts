import type { Path } from "./problem.ts";

/** Thrown by a part of a configuration that could not be read, at the rule that asks for it. */
class Unreadable extends Error {}

const wholes = new WeakMap<object, object>();

/**
 * The parts of a configuration that could not be read. Such a part is neither there nor missing: nobody knows yet what
 * was meant. Behind {@link Gaps.guard} a rule that asks for one is abandoned by {@link unlessUnreadable}, so that what the
 * other rules find is right whatever the mistakes turn into.
 */
export class Gaps {
  readonly #parts = new Set<string>();
  readonly #withParts = new Set<string>();
  readonly #misspelt = new Set<string>();
  /** Whether a rule was abandoned: it may have something to say later. */
  met = false;

  /** The part at a path has a mistake in it. */
  add(path: Path): void {
    this.#parts.add(place(path));
    this.#withParts.add(place(path.slice(0, -1)));
  }

  /** The map at a path has a key that is none: each key that it has not may be the one that was meant. */
  addMisspelt(path: Path): void {
    this.#misspelt.add(place(path));
  }

  /** Whether a path is one of a gap, or leads into one. */
  has(path: Path): boolean {
    return path.some((_, index) => this.#parts.has(place(path.slice(0, index + 1))));
  }

  /**
   * The same configuration, except that asking for a gap throws.
   *
   * @param written as it was written: what defaults have filled in may be what a misspelt key means
   */
  guard<Part extends object>(part: Part, written: unknown, path: Path = []): Part {
    const refuseIf = (unreadable: boolean) => {
      this.met ||= unreadable;
      if (unreadable) throw new Unreadable();
    };
    const ask = (key: string) => {
      refuseIf(this.#parts.has(place([...path, key])));
      refuseIf(this.#misspelt.has(place(path)) && !Object.hasOwn(Object(written), key));
    };
    const guarded = new Proxy(part, {
      get: (whole, key) => {
        if (typeof key === "string") ask(key);
        const value: unknown = Reflect.get(whole, key);
        return typeof key === "string" && typeof value === "object" && value !== null
          ? this.guard(value, Reflect.get(Object(written), key), [...path, key])
          : value;
      },
      has: (whole, key) => {
        if (typeof key === "string") ask(key);
        return Reflect.has(whole, key);
      },
      ownKeys: (whole) => {
        refuseIf(this.#misspelt.has(place(path)) || this.#withParts.has(place(path)));
        return Reflect.ownKeys(whole);
      },
    });
    wholes.set(guarded, part);
    return guarded;
  }
}

function place(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** What each of some rules finds; one that asks for a part that could not be read finds nothing. */
export function unlessUnreadable<Found>(...rules: readonly (() => readonly Found[])[]): Found[] {
  return rules.flatMap((rule) => {
    try {
      return rule();
    } catch (error) {
      if (error instanceof Unreadable) return [];
      throw error;
    }
  });
}

/** What a rule finds that looks at each entry by itself: those that could not be read are none of its business. */
export function eachReadable<Value, Found>(
  record: Readonly<Record<string, Value>>,
  rule: (name: string, value: Value) => readonly Found[],
): Found[] {
  return Object.keys(wholes.get(record) ?? record).flatMap((name) =>
    unlessUnreadable(() => {
      const value = record[name];
      return value === undefined ? [] : rule(name, value);
    }),
  );
}
