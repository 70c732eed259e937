/** What a validator looked at in one object. */
interface Looked {
  readonly fields: Set<string>;
  /** It went through all keys: the object is a map, and any key is right. */
  all: boolean;
}

/**
 * Finds fields that a schema does not know by watching its generated validator, which reads every field it knows,
 * present or not. (The packages publish compiled validators, not schemas in which `additionalProperties` could be set.)
 */
export class Recorder {
  readonly #looked = new WeakMap<object, Looked>();
  readonly #proxies = new WeakMap<object, object>();

  /** The value, watched. */
  watch<T>(value: T): T {
    if (typeof value !== "object" || value === null) return value;
    return this.#proxy(value) as T;
  }

  /** Fields that are there but were never read, with the JSON pointer to each and the names its object could have. */
  unread(value: unknown, pointer = ""): { pointer: string; field: string; known: string[] }[] {
    if (typeof value !== "object" || value === null) return [];
    if (Array.isArray(value)) return value.flatMap((entry, i) => this.unread(entry, `${pointer}/${i}`));
    const looked = this.#looked.get(value);
    // Nothing was read: the schema leaves this object free.
    if (looked === undefined || (looked.fields.size === 0 && !looked.all)) return [];
    return Object.entries(value).flatMap(([field, inner]) => {
      const at = `${pointer}/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (looked.all || looked.fields.has(field)) return this.unread(inner, at);
      return [{ pointer: at, field, known: [...looked.fields] }];
    });
  }

  #proxy(value: object): object {
    const made = this.#proxies.get(value);
    if (made !== undefined) return made;
    const looked: Looked = { fields: new Set(), all: false };
    const isList = Array.isArray(value);
    const proxy = new Proxy(value, {
      get: (target, key, receiver) => {
        const inner: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== "string") return inner;
        if (!isList) looked.fields.add(key);
        return typeof inner === "object" && inner !== null ? this.#proxy(inner) : inner;
      },
      ownKeys: (target) => {
        looked.all = true;
        return Reflect.ownKeys(target);
      },
    });
    this.#looked.set(value, looked);
    this.#proxies.set(value, proxy);
    return proxy;
  }
}
