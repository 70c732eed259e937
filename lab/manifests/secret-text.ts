import { textMap } from "./fields.ts";
import type { KubeObject } from "./object.ts";
import { isUnknown } from "./unknown.ts";

/** The entries of a Secret as text; entries that are not known yet are left out. `stringData` wins over `data`. */
export function secretText(secret: KubeObject): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const [name, value] of Object.entries(textMap(secret.data))) {
    if (!isUnknown(value)) entries[name] = Buffer.from(value, "base64").toString("utf8");
  }
  for (const [name, value] of Object.entries(textMap(secret.stringData))) if (!isUnknown(value)) entries[name] = value;
  return entries;
}
