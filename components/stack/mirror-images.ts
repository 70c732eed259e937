/**
 * The same image behind a mirror: the registry is replaced by `prefix`, official images get their `library/` folder
 * (https://docs.docker.com/reference/cli/docker/image/tag/).
 *
 * @example mirrored("docker.io/istio/pilot:1.31.1", "mirror.local:5000") // mirror.local:5000/istio/pilot:1.31.1
 */
export function mirrored(image: string, prefix: string): string {
  const slash = image.indexOf("/");
  const first = image.slice(0, Math.max(slash, 0));
  const hasRegistry = /[.:]/.test(first) || first === "localhost";
  const path = hasRegistry ? image.slice(slash + 1) : image;
  return `${prefix.replace(/\/$/, "")}/${path.includes("/") ? path : `library/${path}`}`;
}

/** A copy of a manifest with every container image behind the mirror; Outputs and everything else are kept as they are. */
export function mirrorImages<T>(value: T, prefix: string): T;
export function mirrorImages(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => mirrorImages(item, prefix));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key === "image" && typeof field === "string" ? mirrored(field, prefix) : mirrorImages(field, prefix),
    ]),
  );
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
