import { textList } from "../../manifests/fields.ts";

/** Where addresses come from while no pool has been declared: the .240s of minikube's usual network. */
const DEFAULT_RANGE = "192.168.49.240-192.168.49.250";

/**
 * Gives addresses out of declared ranges ("192.168.49.240-192.168.49.250" or "192.168.49.240/28"). The same name gets
 * the same address for as long as the pool lives.
 */
export class AddressPool {
  readonly #given = new Map<string, string>();
  readonly #expected: readonly string[];
  #ranges: readonly string[] = [DEFAULT_RANGE];

  /** @param expected names in the order in which they are to get addresses, whenever they ask; others come after them */
  constructor(expected: readonly string[] = []) {
    this.#expected = expected;
  }

  /** Takes the ranges of an IPAddressPool; anything that is no list of texts is passed over. */
  declare(ranges: unknown): void {
    const declared = textList(ranges).filter((range) => rangeOf(range) !== undefined);
    if (declared.length > 0) this.#ranges = declared;
  }

  /** The address of a name; undefined when all are given away. */
  addressOf(name: string, wanted?: string): string | undefined {
    const known = this.#given.get(name);
    if (known !== undefined) return known;
    const place = this.#expected.indexOf(name);
    for (const earlier of place < 0 ? this.#expected : this.#expected.slice(0, place)) {
      if (!this.#given.has(earlier)) this.#give(earlier, undefined);
    }
    return this.#give(name, wanted);
  }

  #give(name: string, wanted: string | undefined): string | undefined {
    const taken = new Set(this.#given.values());
    const address = wanted ?? this.#first((candidate) => !taken.has(candidate));
    if (address !== undefined) this.#given.set(name, address);
    return address;
  }

  #first(free: (address: string) => boolean): string | undefined {
    for (const range of this.#ranges) {
      const bounds = rangeOf(range);
      if (bounds === undefined) continue;
      for (let at = bounds.first; at <= bounds.last; at++) {
        if (free(toAddress(at))) return toAddress(at);
      }
    }
    return undefined;
  }
}

function rangeOf(range: string): { first: number; last: number } | undefined {
  const [from = "", to = ""] = range.split("-");
  const first = toNumber(from.trim());
  if (first !== undefined && to !== "") {
    const last = toNumber(to.trim());
    return last === undefined || last < first ? undefined : { first, last };
  }
  const [network = "", bits] = range.split("/");
  const base = toNumber(network);
  const length = Number(bits);
  if (base === undefined || !(length >= 0 && length <= 32)) return undefined;
  const size = 2 ** (32 - length);
  const start = Math.floor(base / size) * size;
  return { first: start, last: start + size - 1 };
}

function toNumber(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
