import grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import monitorService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { type Engine, messageOf, supportsFeature } from "./engine.ts";
import {
  Empty,
  GetRootResourceResponse,
  LogSeverity,
  RegisterPackageResponse,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
  SupportsFeatureResponse,
} from "./protocol.ts";
import type { LogLine } from "./registration.ts";

export interface RunningServer {
  /** "127.0.0.1:<port>", for `--monitor` and `--engine`. */
  readonly address: string;
  /** Ends at once; calls under way fail. */
  close(): void;
}

/** Serves the engine's two gRPC services, ResourceMonitor and Engine, on a free loopback port. */
export async function serveEngine(engine: Engine): Promise<RunningServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(monitorService.ResourceMonitorService, monitorOf(engine));
  server.addService(engineService.EngineService, engineOf(engine));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function monitorOf(engine: Engine): grpc.UntypedServiceImplementation {
  return {
    supportsFeature: answer(async (request: SupportsFeatureRequest) => featureResponse(request)),
    registerResource: answer((request: RegisterResourceRequest) => engine.registerResource(request)),
    registerResourceOutputs: answer(async (request: RegisterResourceOutputsRequest) => {
      engine.registerResourceOutputs(request);
      return new Empty();
    }),
    readResource: answer((request: ReadResourceRequest) => engine.readResource(request)),
    invoke: answer((request: ResourceInvokeRequest) => engine.invoke(request)),
    registerPackage: answer(async () => new RegisterPackageResponse()),
    signalAndWaitForShutdown: answer(async () => new Empty()),
  };
}

function engineOf(engine: Engine): grpc.UntypedServiceImplementation {
  let root = "";
  return {
    log: answer(async (request: LogRequest) => {
      engine.log.push(logLine(request));
      return new Empty();
    }),
    getRootResource: answer(async () => {
      const response = new GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    setRootResource: answer(async (request: { getUrn(): string }) => {
      root = request.getUrn();
      return new SetRootResourceResponse();
    }),
    requirePulumiVersion: answer(async () => new RequirePulumiVersionResponse()),
  };
}

/** What an SDK is told when it asks for a feature. */
export function featureResponse(request: SupportsFeatureRequest): InstanceType<typeof SupportsFeatureResponse> {
  const response = new SupportsFeatureResponse();
  response.setHassupport(supportsFeature(request.getId()));
  return response;
}

function answer<Request, Response>(work: (request: Request) => Promise<Response>) {
  return (call: { request: Request }, callback: grpc.sendUnaryData<Response>): void => {
    work(call.request).then(
      (response) => callback(null, response),
      (error) => callback({ code: grpc.status.UNKNOWN, details: messageOf(error), message: messageOf(error) }),
    );
  };
}

function logLine(request: LogRequest): LogLine {
  const severities: Record<number, LogLine["severity"]> = {
    [LogSeverity.DEBUG]: "debug",
    [LogSeverity.INFO]: "info",
    [LogSeverity.WARNING]: "warning",
    [LogSeverity.ERROR]: "error",
  };
  const severity = severities[request.getSeverity()] ?? "info";
  return { severity, message: request.getMessage(), urn: request.getUrn() };
}
