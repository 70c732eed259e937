import type { InvokeResponse as InvokeResponseType } from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  ReadResourceRequest,
  ReadResourceResponse as ReadResourceResponseType,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  RegisterResourceResponse as RegisterResourceResponseType,
  ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { type Fields, fields, isFields, text } from "../../manifests/fields.ts";
import type { KubeObject } from "../../manifests/object.ts";
import { InvokeResponse, ReadResourceResponse, RegisterResourceResponse, Struct } from "./protocol.ts";
import type { LogLine, Registration } from "./registration.ts";
import type { Made, StandIn } from "./stand-in.ts";
import { describeUrn, makeUrn, STACK_TYPE } from "./urn.ts";
import { echo, hasUnknown, secret, unwrap } from "./values.ts";

export interface EngineSettings {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  /** True for `pulumi preview`. */
  readonly preview: boolean;
  /** Packages that must not be used without an explicit provider (`pulumi:disable-default-providers`). */
  readonly disabledDefaultProviders: readonly string[];
  readonly standIns: readonly StandIn[];
}

/** Features of Pulumi's engine that this one has, by the names the SDK asks for. */
const FEATURES = new Set(["secrets", "resourceReferences", "outputValues", "deletedWith", "replaceWith", "aliasSpecs"]);

/** A made-up but stable version of what the CLI answers: it knows no transforms, hooks and parameterised packages. */
export function supportsFeature(id: string): boolean {
  return FEATURES.has(id);
}

/**
 * What Pulumi's engine does while a program runs, without a state, plugins or network: gives URNs, refuses what the
 * engine refuses, asks stand-ins for outputs and keeps a record. Transport-free; see server.ts and in-process.ts.
 */
export class Engine {
  readonly registrations: Registration[] = [];
  readonly log: LogLine[] = [];
  readonly settings: EngineSettings;
  /** The stack's outputs, secrets unwrapped; undefined until the program has finished. */
  outputs: Fields | undefined;
  readonly #byUrn = new Map<string, Registration>();
  readonly #standIns: ReadonlyMap<string, StandIn>;

  constructor(settings: EngineSettings) {
    this.settings = settings;
    this.#standIns = new Map(settings.standIns.map((standIn) => [standIn.package, standIn]));
  }

  /** @throws Error with the engine's own wording: duplicate URN, unknown parent, missing provider, failed creation */
  async registerResource(request: RegisterResourceRequest): Promise<RegisterResourceResponseType> {
    const { stack, project, preview } = this.settings;
    const type = request.getType();
    const name = request.getName();
    const parent = request.getParent();
    const urn = makeUrn(stack, project, parent, type, name);
    try {
      this.#check(request, urn);
      const wireInputs = fields(request.getObject()?.toJavaScript());
      const inputs = fields(unwrap(wireInputs));
      // The place in the record is taken before the stand-in works, so that a duplicate never gets through.
      const registration = this.#record(request, urn, inputs);
      const made = request.getCustom() ? await this.#make(registration) : { id: "", outputs: {} };
      const outputs = this.#outputsOf(request, registration, fields(echo(wireInputs)), made);
      Object.assign(registration, { id: made.id, outputs: fields(unwrap(outputs)) });

      const response = new RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(preview && hasUnknown(made.id) ? "" : made.id);
      response.setObject(Struct.fromJavaScript(toStruct(outputs)));
      return response;
    } catch (error) {
      this.log.push({ severity: "error", message: messageOf(error), urn });
      throw error;
    }
  }

  registerResourceOutputs(request: RegisterResourceOutputsRequest): void {
    const registration = this.#byUrn.get(request.getUrn());
    if (registration === undefined) throw new Error(`unknown resource '${request.getUrn()}'`);
    const outputs = fields(unwrap(request.getOutputs()?.toJavaScript()));
    registration.outputs = { ...registration.outputs, ...outputs };
    if (registration.type === STACK_TYPE) this.outputs = outputs;
  }

  /** Looks up an existing resource (`Resource.get`): stand-ins make it from its id and properties. */
  async readResource(request: ReadResourceRequest): Promise<ReadResourceResponseType> {
    const { stack, project, preview } = this.settings;
    const urn = makeUrn(stack, project, request.getParent(), request.getType(), request.getName());
    const properties = fields(request.getProperties()?.toJavaScript());
    const order = {
      urn,
      type: request.getType(),
      name: request.getName(),
      inputs: fields(unwrap(properties)),
      preview,
    };
    const made = await this.#standInFor(request.getType()).create(order);
    const response = new ReadResourceResponse();
    response.setUrn(urn);
    response.setProperties(Struct.fromJavaScript(toStruct({ ...fields(echo(properties)), ...made.outputs })));
    return response;
  }

  /** A rehearsal asks nobody; functions of providers have no answer but the look-up of a resource. */
  async invoke(request: ResourceInvokeRequest): Promise<InvokeResponseType> {
    const token = request.getTok();
    if (token !== "pulumi:pulumi:getResource") throw new Error(`the rehearsal has no answer for the function ${token}`);
    const { urn } = fields(unwrap(request.getArgs()?.toJavaScript()));
    const found = this.#byUrn.get(text(urn) ?? "");
    if (found === undefined) throw new Error(`unknown resource ${String(urn)}`);
    const response = new InvokeResponse();
    response.setReturn(Struct.fromJavaScript(toStruct({ urn: found.urn, id: found.id, state: found.outputs })));
    return response;
  }

  #check(request: RegisterResourceRequest, urn: string): void {
    const type = request.getType();
    if (this.#byUrn.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    if (type.split(":").length !== 3)
      throw new Error(`Type '${type}' is not a valid type token (must have format '*:*:*')`);
    const parent = request.getParent();
    if (parent !== "" && !this.#byUrn.has(parent)) throw new Error(`${describeUrn(urn)}: unknown parent '${parent}'`);
    for (const dependency of request.getDependenciesList()) {
      if (!this.#byUrn.has(dependency)) throw new Error(`${describeUrn(urn)}: unknown dependency '${dependency}'`);
    }
    if (!request.getCustom() || type.startsWith("pulumi:")) return;
    const wanted = packageOf(type);
    if (request.getProvider() === "" && this.settings.disabledDefaultProviders.some((p) => p === "*" || p === wanted)) {
      throw new Error(`Default provider for '${wanted}' disabled. '${type}' must use an explicit provider.`);
    }
  }

  #record(request: RegisterResourceRequest, urn: string, inputs: Fields): Registration {
    const parent = request.getParent();
    const timeouts = request.getCustomtimeouts();
    const registration: Registration = {
      urn,
      type: request.getType(),
      name: request.getName(),
      parent: parent === "" ? undefined : parent,
      custom: request.getCustom(),
      inputs,
      outputs: {},
      id: "",
      dependencies: request.getDependenciesList(),
      propertyDependencies: propertyDependencies(request),
      provider: request.getProvider() || undefined,
      deletedWith: request.getDeletedwith() || this.#byUrn.get(parent)?.deletedWith,
      options: {
        protect: request.getProtect() ?? false,
        deleteBeforeReplace: request.getDeletebeforereplace(),
        retainOnDelete: request.getRetainondelete() ?? false,
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        replaceWith: request.getReplaceWithList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        timeouts: {
          create: timeouts?.getCreate() ?? "",
          update: timeouts?.getUpdate() ?? "",
          delete: timeouts?.getDelete() ?? "",
        },
        version: request.getVersion(),
      },
      object: kubeObject(request.getType(), inputs),
    };
    this.registrations.push(registration);
    this.#byUrn.set(urn, registration);
    return registration;
  }

  async #make(registration: Registration): Promise<Made> {
    const { urn, type, name, inputs, provider } = registration;
    const { preview } = this.settings;
    if (type.startsWith("pulumi:providers:")) return { id: stableId(urn), outputs: {} };
    // A provider whose own configuration is not known yet makes nothing and says nothing at preview.
    const configuration = this.#byUrn.get(provider?.slice(0, provider.lastIndexOf("::")) ?? "")?.inputs;
    if (preview && hasUnknown(configuration)) return { id: "", outputs: {} };
    try {
      return await this.#standInFor(type).create({ urn, type, name, inputs, preview });
    } catch (error) {
      throw new Error(`${type} ${name}: creating failed: ${messageOf(error)}`);
    }
  }

  #standInFor(type: string): StandIn {
    return (
      this.#standIns.get(packageOf(type)) ?? { package: "", create: ({ urn }) => ({ id: stableId(urn), outputs: {} }) }
    );
  }

  #outputsOf(request: RegisterResourceRequest, registration: Registration, inputs: Fields, made: Made): Fields {
    // Components echo nothing: what they are is said by registerOutputs.
    if (!registration.custom) return {};
    const outputs: Fields = { ...inputs, ...made.outputs };
    for (const key of request.getAdditionalsecretoutputsList()) {
      if (outputs[key] !== undefined) outputs[key] = secret(outputs[key]);
    }
    return outputs;
  }
}

/** An id that depends on nothing but the URN, so that two rehearsals are alike. */
export function stableId(urn: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(urn)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function packageOf(type: string): string {
  return type.split(":", 1)[0] ?? "";
}

function propertyDependencies(request: RegisterResourceRequest): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((entry, property) => {
    dependencies[property] = entry.getUrnsList();
  });
  return dependencies;
}

/** The object a `kubernetes:<group>/<version>:<Kind>` resource stands for. */
function kubeObject(type: string, inputs: Fields): KubeObject | undefined {
  if (!/^kubernetes:[^:]+\/[^:]+:[^:]+$/.test(type) || type.startsWith("kubernetes:helm.sh/")) return undefined;
  const { apiVersion, kind, metadata } = inputs;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isFields(metadata)) return undefined;
  if (typeof metadata.name !== "string") return undefined;
  return { ...inputs, apiVersion, kind, metadata: { ...metadata, name: metadata.name } };
}

/** `undefined` has no place in a protobuf Struct. */
function toStruct(value: Fields): Parameters<typeof Struct.fromJavaScript>[0] {
  return JSON.parse(JSON.stringify(value));
}
