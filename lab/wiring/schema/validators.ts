import { groupOf, type KubeObject, versionOf } from "../../manifests/object.ts";
import { metalLbValidator } from "./metallb.ts";

/** What is wrong with an object; [] when nothing is. */
export type Validate = (object: unknown) => readonly SchemaError[];

export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Record<string, unknown>;
  readonly message?: string;
}

/** The packages that hold the models of an API group and version, and where in them. */
const MODELS: Readonly<Record<string, string>> = {
  v1: "kubernetes-models/v1",
  "apps/v1": "kubernetes-models/apps/v1",
  "autoscaling/v2": "kubernetes-models/autoscaling/v2",
  "batch/v1": "kubernetes-models/batch/v1",
  "discovery.k8s.io/v1": "kubernetes-models/discovery.k8s.io/v1",
  "networking.k8s.io/v1": "kubernetes-models/networking.k8s.io/v1",
  "policy/v1": "kubernetes-models/policy/v1",
  "rbac.authorization.k8s.io/v1": "kubernetes-models/rbac.authorization.k8s.io/v1",
  "storage.k8s.io/v1": "kubernetes-models/storage.k8s.io/v1",
  "gateway.networking.k8s.io/v1": "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1",
  "gateway.networking.k8s.io/v1beta1": "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1beta1",
  "cert-manager.io/v1": "@kubernetes-models/cert-manager/cert-manager.io/v1",
};

const loaded = new Map<string, Promise<Validate | undefined>>();

/** The validator of an object's kind, loaded when it is first asked for; undefined for kinds whose schema is not known. */
export function validatorFor(object: KubeObject): Promise<Validate | undefined> {
  const key = `${object.apiVersion} ${object.kind}`;
  let validator = loaded.get(key);
  if (validator === undefined) {
    validator = load(object);
    loaded.set(key, validator);
  }
  return validator;
}

async function load({ apiVersion, kind }: KubeObject): Promise<Validate | undefined> {
  if (groupOf(apiVersion) === "metallb.io") return metalLbValidator(kind, versionOf(apiVersion));
  const path = MODELS[apiVersion];
  if (path === undefined || !/^[A-Z][A-Za-z0-9]*$/.test(kind)) return undefined;
  try {
    const models: Record<string, unknown> = await import(`${path}/${kind}`);
    return isModel(models[kind]) ? validateWith(models[kind]) : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

interface Model {
  readonly prototype: { validate(this: unknown): void };
}

function isModel(value: unknown): value is Model {
  return typeof value === "function" && typeof value.prototype?.validate === "function";
}

/** A model checks itself and throws an error that holds ajv's; any object can be given to it in its own place. */
function validateWith({ prototype }: Model): Validate {
  return (object) => {
    try {
      prototype.validate.call(object);
      return [];
    } catch (error) {
      if (error instanceof Error && "errors" in error && Array.isArray(error.errors)) return error.errors;
      throw error;
    }
  };
}
