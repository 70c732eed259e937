import type { PolicyConfigSchema, StackValidationPolicy } from "@pulumi/policy";
import { type Settings, violationsOf } from "./violations.ts";

/** What a user may say about the wiring check (`--policy-pack-config`), besides `enforcementLevel`. */
const configSchema: PolicyConfigSchema = {
  properties: {
    ignore: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "rules that are not to be looked at, such as W35 (docs/wiring-rules.md)",
    },
    complete: {
      type: "boolean",
      default: false,
      description: "true where the stack holds everything that the cluster has: then what it does not hold is missing",
    },
    gatewayClasses: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "GatewayClasses that the cluster has besides those of well-known controllers",
    },
    ingressClasses: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "the same for IngressClasses",
    },
    provided: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: 'objects that somebody else makes, as "Kind/namespace/name", such as "Secret/shop/tls"',
    },
  },
};

/** Broken wires stop an update; doubtful ones are told. Either level can be set anew in the configuration. */
export const policies: StackValidationPolicy[] = [
  policy(
    "wiring",
    "error",
    "mandatory",
    "No wire between Gateways, routes, Services, certificates and issuers is broken.",
  ),
  policy("wiring-doubts", "warning", "advisory", "No wire is doubtful: it may hold and still not do what is meant."),
];

function policy(
  name: string,
  severity: "error" | "warning",
  enforcementLevel: "mandatory" | "advisory",
  description: string,
): StackValidationPolicy {
  return {
    name,
    description,
    enforcementLevel,
    configSchema,
    validateStack: async ({ resources, getConfig }, report) => {
      for (const { message, urn } of await violationsOf(resources, severity, getConfig<Settings>()))
        report(message, urn);
    },
  };
}
