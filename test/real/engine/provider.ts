import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { VaultStandIn } from "../../../lab/issuing/vault.ts";
import { type Fields, fields } from "../../../lab/manifests/fields.ts";
import { Empty, Struct } from "../../../lab/rehearsal/engine/protocol.ts";
import type { StandIn } from "../../../lab/rehearsal/engine/stand-in.ts";
import { unwrap } from "../../../lab/rehearsal/engine/values.ts";
import { command } from "../../../lab/rehearsal/stand-ins/command.ts";
import { kubernetes } from "../../../lab/rehearsal/stand-ins/kubernetes.ts";
import { tls } from "../../../lab/rehearsal/stand-ins/tls.ts";
import { answer, type ServedPlugin, servePlugin } from "./plugin.ts";

/**
 * A stand-in for a provider, none of which is to be had from a package registry: it makes what the rehearsal's stand-in
 * makes, calls any change of inputs an update (a change of `triggers` a replacement, as the command provider has it), and
 * deletes without a word.
 */
export function serveProvider(standIn: StandIn, version: string): Promise<ServedPlugin> {
  return servePlugin(providerService.ResourceProviderService, {
    attach: answer(() => new Empty()),
    getPluginInfo: answer(() => {
      const info = new pluginMessages.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    checkConfig: answer(echo),
    diffConfig: answer(diff),
    configure: answer(configure),
    check: answer(echo),
    diff: answer(diff),
    create: answer((request: CreateRequest) => create(standIn, request)),
    update: answer((request: UpdateRequest) => update(standIn, request)),
    delete: answer((_: DeleteRequest) => new Empty()),
    cancel: answer(() => new Empty()),
  });
}

/** The three providers of the program, by name; a Vault that is configured in one `up` lives as long as they do. */
export async function serveProviders(): Promise<Record<string, ServedPlugin>> {
  const standIns = [kubernetes(), command(new VaultStandIn()), tls];
  const served = standIns.map(async (standIn) => {
    const { version } = require(`@pulumi/${standIn.package}/package.json`);
    return [standIn.package, await serveProvider(standIn, String(version).replace(/^v/, ""))] as const;
  });
  return Object.fromEntries(await Promise.all(served));
}

const require = createRequire(import.meta.url);

type Wire = InstanceType<typeof Struct>;
const read = (wire: Wire | undefined): Fields => fields(wire?.toJavaScript());
const write = (value: Fields): Wire => Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));

function echo(request: CheckRequest) {
  const response = new provider.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

function diff(request: DiffRequest) {
  const [olds, news] = [read(request.getOldInputs()), read(request.getNews())];
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => !isDeepStrictEqual(unwrap(olds[key]), unwrap(news[key])),
  );
  const response = new provider.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  response.setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDiffsList(changed);
  response.setReplacesList(changed.filter((key) => key === "triggers"));
  return response;
}

/** What the rehearsal's stand-in makes of a resource, new or changed alike. */
function make(standIn: StandIn, request: CreateRequest | UpdateRequest, inputs: Fields) {
  return standIn.create({
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    inputs: fields(unwrap(inputs)),
    preview: request.getPreview(),
  });
}

async function create(standIn: StandIn, request: CreateRequest) {
  const inputs = read(request.getProperties());
  const made = await make(standIn, request, inputs);
  const response = new provider.CreateResponse();
  response.setId(made.id);
  response.setProperties(write({ ...inputs, ...made.outputs }));
  return response;
}

async function update(standIn: StandIn, request: UpdateRequest) {
  const inputs = read(request.getNews());
  const made = await make(standIn, request, inputs);
  const response = new provider.UpdateResponse();
  response.setProperties(write({ ...read(request.getOlds()), ...inputs, ...made.outputs }));
  return response;
}

function configure() {
  const response = new provider.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setAcceptresources(false);
  response.setSupportspreview(true);
  return response;
}
