import { prototypeSchema } from "../../config/schema.ts";
import { knownGatewayApiReleases } from "../../config/versions/crd-files.ts";
import { images, knownBad, pins, resolveVersions, type VersionKey } from "../../config/versions.ts";
import { code, table } from "./markdown.ts";

/** Every pin with its reason and where that can be read. */
export function versionsTable(): string {
  return table(
    ["key in `learn:versions`", "version", "reason", "source"],
    Object.entries(pins).map(([key, { version, reason, source }]) => [code(key), code(version), reason, `<${source}>`]),
  );
}

/** Images that the program names itself. */
export function imagesTable(): string {
  const { bookinfo, ...others } = images;
  const rows = [
    ...Object.entries(others),
    ...Object.entries(bookinfo).map(([key, value]) => [`bookinfo ${key}`, value]),
  ];
  return table(
    ["used by", "image"],
    rows.map(([key = "", image = ""]) => [key, code(image)]),
  );
}

export function gatewayApiReleases(): string {
  return knownGatewayApiReleases.map(code).join(", ");
}

/** Choices that are refused, each made once, with the message that a user would read. */
export function refusalsTable(): string {
  const platform = { metallb: {}, gatewayApi: {}, istio: {}, certManager: {}, vault: {}, nginxGatewayFabric: {} };
  const cluster = { minikube: { containerRuntime: "docker" as const } };
  const prototype = prototypeSchema.parse({ cluster, platform });
  const first = (versions: Partial<Record<VersionKey, string>>): string => {
    const keys = Object.keys(versions);
    const messages = knownBad(prototype, resolveVersions(versions));
    return (
      messages.find((message) => keys.some((key) => message.startsWith(`learn:versions.${key}`))) ?? messages[0] ?? ""
    );
  };
  const rows = tries.map((versions) => [
    Object.entries(versions)
      .map(([key, version]) => code(`${key}: "${version}"`))
      .join(", "),
    first(versions)
      .replace(/^learn:versions\.\w+: /, "")
      .replaceAll(/https?:\/\/\S+/g, "<$&>"),
  ]);
  return table(["choice", "refused because"], rows);
}

const tries: readonly Partial<Record<VersionKey, string>>[] = [
  { istio: "1.29.2" },
  { istio: "1.23.2" },
  { gatewayApi: "v1.4.1" },
  { gatewayApi: "v1.7.0" },
  { kubernetes: "v1.37.0" },
  { metallb: "0.15.3" },
  { nginxGatewayFabric: "1.5.1" },
  { nginxGatewayFabric: "2.4.2" },
  { minikube: "v1.38.1" },
  { certManager: "v1.14.7" },
  { vault: "1.10.11" },
];
