import { textMap } from "./fields.ts";
import type { KubeObject } from "./object.ts";
import { isUnknown } from "./unknown.ts";

/**
 * The entries of a Secret as text. `stringData` wins over `data`, also where it is not known yet; entries that are not
 * known are left out.
 */
export function secretText({ data, stringData }: KubeObject): Record<string, string> {
  if (isUnknown(stringData)) return {};
  const entries: Record<string, string> = {};
  for (const [name, value] of Object.entries(textMap(data))) {
    entries[name] = isUnknown(value) ? value : Buffer.from(value, "base64").toString("utf8");
  }
  Object.assign(entries, textMap(stringData));
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => !isUnknown(value)));
}
