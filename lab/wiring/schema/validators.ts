import { groupOf, type KubeObject, versionOf } from "../../manifests/object.ts";
import { metalLbValidator } from "./metallb.ts";

/** A validator as ajv generates it: true, or false with `errors`. */
export interface Validate {
  (data: unknown): boolean;
  errors?: SchemaError[] | null;
}

export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Record<string, unknown>;
  readonly message?: string;
}

/** Where the generated validators of an API group and version are, and what their names begin with. */
const GENERATED: Readonly<Record<string, readonly [packageName: string, prefix: string]>> = {
  v1: ["kubernetes-models", "IoK8sApiCoreV1"],
  "apps/v1": ["kubernetes-models", "IoK8sApiAppsV1"],
  "autoscaling/v2": ["kubernetes-models", "IoK8sApiAutoscalingV2"],
  "batch/v1": ["kubernetes-models", "IoK8sApiBatchV1"],
  "discovery.k8s.io/v1": ["kubernetes-models", "IoK8sApiDiscoveryV1"],
  "networking.k8s.io/v1": ["kubernetes-models", "IoK8sApiNetworkingV1"],
  "policy/v1": ["kubernetes-models", "IoK8sApiPolicyV1"],
  "rbac.authorization.k8s.io/v1": ["kubernetes-models", "IoK8sApiRbacV1"],
  "storage.k8s.io/v1": ["kubernetes-models", "IoK8sApiStorageV1"],
  "gateway.networking.k8s.io/v1": ["@kubernetes-models/gateway-api", "IoK8sSigsGatewayApiApisV1"],
  "gateway.networking.k8s.io/v1beta1": ["@kubernetes-models/gateway-api", "IoK8sSigsGatewayApiApisV1beta1"],
  "cert-manager.io/v1": ["@kubernetes-models/cert-manager", "ComGithubCertManagerCertManagerPkgApisCertmanagerV1"],
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
  const [packageName, prefix] = GENERATED[apiVersion] ?? [];
  if (packageName === undefined || !/^[A-Z][A-Za-z0-9]*$/.test(kind)) return undefined;
  // Two of the three packages do not export these files, so they are addressed beside their index.
  const url = new URL(`_schemas/${prefix}${kind}.js`, import.meta.resolve(packageName));
  try {
    const module: { validate?: Validate } = await import(url.href);
    return module.validate;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
