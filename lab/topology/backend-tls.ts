import { fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import { namespaceOf } from "../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";

/** The Services ("namespace/name") to which gateways speak TLS because a BackendTLSPolicy targets them. */
export function backendTlsPolicies(objects: ObjectIndex): Set<string> {
  const services = new Set<string>();
  for (const { object } of objects.all(KINDS.backendTlsPolicy)) {
    for (const target of fieldsList(fieldsAt(object, "spec").targetRefs)) {
      if (text(target.kind) === "Service") services.add(`${namespaceOf(object)}/${text(target.name)}`);
    }
  }
  return services;
}
