import type { Validate } from "./validators.ts";

const text = { type: "string", minLength: 1 };
const texts = { type: "array", items: text };
const selector = { type: "object", properties: { matchLabels: {}, matchExpressions: {} } };

/** The two kinds of MetalLB that this project makes. @see https://metallb.io/apis/ */
const SPECS: Readonly<Record<string, object>> = {
  IPAddressPool: {
    type: "object",
    required: ["addresses"],
    properties: {
      addresses: { ...texts, minItems: 1 },
      autoAssign: { type: "boolean" },
      avoidBuggyIPs: { type: "boolean" },
      serviceAllocation: {
        type: "object",
        properties: {
          priority: { type: "integer" },
          namespaces: texts,
          namespaceSelectors: { type: "array", items: selector },
          serviceSelectors: { type: "array", items: selector },
        },
      },
    },
  },
  L2Advertisement: {
    type: "object",
    properties: {
      ipAddressPools: texts,
      ipAddressPoolSelectors: { type: "array", items: selector },
      nodeSelectors: { type: "array", items: selector },
      interfaces: texts,
    },
  },
};

/** A validator for a MetalLB kind of version v1beta1, or undefined; no package has these schemas. */
export async function metalLbValidator(kind: string, version: string): Promise<Validate | undefined> {
  const spec = SPECS[kind];
  if (spec === undefined || version !== "v1beta1") return undefined;
  const { Ajv } = await import("ajv");
  const schema = {
    type: "object",
    required: kind === "IPAddressPool" ? ["spec"] : [],
    properties: { apiVersion: text, kind: text, metadata: { type: "object" }, spec, status: { type: "object" } },
  };
  const validate = new Ajv({ allErrors: true }).compile(schema);
  return (object) => (validate(object) ? [] : (validate.errors ?? []));
}
