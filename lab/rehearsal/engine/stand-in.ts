import type { Fields } from "../../manifests/fields.ts";

/** What a stand-in provider is asked to make. */
export interface Order {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Secrets unwrapped. */
  readonly inputs: Fields;
  /** True at `pulumi preview`: nothing is made, only what is certain is answered. */
  readonly preview: boolean;
}

/** What was made: its id ("" while unknown) and outputs beyond the inputs, which are always echoed. */
export interface Made {
  readonly id: string;
  readonly outputs: Fields;
}

/** Takes the place of a resource provider; anything it throws is the failure of that resource. */
export interface StandIn {
  /** First part of the type tokens it answers for ("tls"). */
  readonly package: string;
  create(order: Order): Made | Promise<Made>;
}
