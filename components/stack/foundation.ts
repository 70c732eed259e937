import * as pulumi from "@pulumi/pulumi";
import { namespacesOf } from "../../config/derive/namespaces.ts";
import type { Prototype, SecretConfig } from "../../config/schema.ts";
import { apply, type Manifest } from "../kubernetes/apply.ts";
import { namespaceManifest } from "../kubernetes/namespaces.ts";

/** Namespaces and lesson Secrets: what every other object of the stack stands on. */
export class Foundation extends pulumi.ComponentResource {
  readonly namespaces: Readonly<Record<string, pulumi.Resource>>;

  constructor(name: string, { prototype }: { readonly prototype: Prototype }, opts: pulumi.ComponentResourceOptions) {
    super("learn:stack:Foundation", name, {}, opts);
    this.namespaces = Object.fromEntries(
      namespacesOf(prototype).flatMap((spec) => {
        const manifest = namespaceManifest(spec);
        return manifest ? [[spec.name, apply(manifest, { parent: this })]] : [];
      }),
    );
    for (const [secret, config] of Object.entries(prototype.secrets)) {
      apply(secretManifest(secret, config), { parent: this, dependsOn: this.in(config.namespace) });
    }
    this.registerOutputs({});
  }

  /** The Namespace object to wait for; nothing for a namespace that every cluster has. */
  in(namespace: string): pulumi.Resource[] {
    const found = this.namespaces[namespace];
    return found ? [found] : [];
  }
}

function secretManifest(name: string, { namespace, data }: SecretConfig): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    type: "Opaque",
    stringData: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, pulumi.secret(value)])),
  };
}
