import grpc from "@grpc/grpc-js";

type Handler<Request, Response> = (request: Request) => Response | Promise<Response>;

/** A unary method of a plugin's service; what it throws is what the engine reports. */
export function answer<Request, Response>(handler: Handler<Request, Response>) {
  return (call: { request: Request }, callback: grpc.sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(handler)
      .then(
        (response) => callback(null, response),
        (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message, message: error.message }),
      );
  };
}

export interface ServedPlugin {
  readonly port: number;
  close(): void;
}

/** Serves a plugin on a free loopback port, for the engine to attach to (`PULUMI_DEBUG_LANGUAGES`, `…_PROVIDERS`). */
export async function servePlugin(
  definition: grpc.ServiceDefinition,
  implementation: grpc.UntypedServiceImplementation,
): Promise<ServedPlugin> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}
