import { type Fields, fieldsAt, fieldsList, text, textList, textMap } from "../manifests/fields.ts";
import { namespaceOf } from "../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown } from "../manifests/unknown.ts";

export type Labels = Readonly<Record<string, string>>;

/** The label that the API server itself puts on every Namespace. */
export const NAME_LABEL = "kubernetes.io/metadata.name";

/** The labels of every namespace that is an object of the set or has one in it; the automatic name label included. */
export function namespaceLabels(objects: ObjectIndex): Map<string, Labels> {
  const labels = new Map<string, Labels>();
  for (const { object } of objects.objects) {
    const namespace = namespaceOf(object);
    if (namespace !== null && !labels.has(namespace)) labels.set(namespace, { [NAME_LABEL]: namespace });
  }
  for (const { object } of objects.all(KINDS.namespace)) {
    const { name } = object.metadata;
    labels.set(name, { ...textMap(object.metadata.labels), [NAME_LABEL]: name });
  }
  return labels;
}

/**
 * Whether a label selector (matchLabels, matchExpressions) matches; undefined when that cannot be told, because a
 * value is not known yet.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export function selectorMatches(selector: Fields, labels: Labels): boolean | undefined {
  let undecided = false;
  for (const [key, value] of Object.entries(textMap(selector.matchLabels))) {
    if (isUnknown(value) || isUnknown(labels[key])) undecided = true;
    else if (labels[key] !== value) return false;
  }
  for (const expression of fieldsList(selector.matchExpressions)) {
    if (!expressionMatches(expression, labels)) return false;
  }
  return undecided ? undefined : true;
}

function expressionMatches(expression: Fields, labels: Labels): boolean {
  const value = labels[text(expression.key) ?? ""];
  const values = textList(expression.values);
  switch (expression.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/** Whether the labels a selector asks for can be judged: the Namespace object is there, or only its name is asked for. */
export function selectorDecidable(selector: Fields, namespaceInSet: boolean): boolean {
  if (namespaceInSet) return true;
  const asked = [
    ...Object.keys(textMap(selector.matchLabels)),
    ...fieldsList(selector.matchExpressions).map((e) => text(e.key)),
  ];
  return asked.every((key) => key === NAME_LABEL);
}

/** The API's `from` with its selector, as in allowedRoutes and allowedListeners. */
export function namespaceAllowed(
  allowed: { from: string; selector: Fields | undefined },
  owner: string,
  namespace: string,
  objects: ObjectIndex,
  labels: ReadonlyMap<string, Labels>,
): boolean {
  if (isUnknown(owner) || isUnknown(namespace) || isUnknown(allowed.from)) return true;
  switch (allowed.from) {
    case "All":
      return true;
    case "Same":
      return owner === namespace;
    case "Selector": {
      if (allowed.selector === undefined) return false;
      const inSet = objects.get(KINDS.namespace, null, namespace) !== undefined;
      if (!selectorDecidable(allowed.selector, inSet)) return true;
      return selectorMatches(allowed.selector, labels.get(namespace) ?? { [NAME_LABEL]: namespace }) !== false;
    }
    default:
      return false;
  }
}

/** The field that decides which namespaces may attach, with the API's default for absent ones. */
export function allowedNamespaces(
  owner: unknown,
  fallback: "Same" | "None",
): { from: string; selector: Fields | undefined } {
  const namespaces = fieldsAt(owner, "namespaces");
  const selector = namespaces.selector;
  return {
    from: text(namespaces.from) ?? fallback,
    selector: typeof selector === "object" && selector !== null ? (selector as Fields) : undefined,
  };
}
