// The generated protobuf and gRPC modules are CommonJS; their members are reached through the default import.

import engine from "@pulumi/pulumi/proto/engine_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

export const { Empty } = empty;
export const { Struct } = struct;
export const { InvokeResponse } = provider;
export const { ReadResourceResponse, RegisterPackageResponse, RegisterResourceResponse, SupportsFeatureResponse } =
  resource;
export const { GetRootResourceResponse, LogSeverity, RequirePulumiVersionResponse, SetRootResourceResponse } = engine;
