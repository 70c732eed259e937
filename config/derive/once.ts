/**
 * Remembers what was derived from a prototype. Derivations ask each other, and each application asks them: without this a
 * stack of 1000 applications would derive its Gateways a million times.
 */
export function once<From extends object, To>(derive: (from: From) => To): (from: From) => To {
  const known = new WeakMap<From, To>();
  return (from) => {
    const found = known.get(from);
    if (found !== undefined) return found;
    const derived = derive(from);
    known.set(from, derived);
    return derived;
  };
}
