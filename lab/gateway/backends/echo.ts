import type { Container } from "../../topology/model.ts";

const IMAGE = /(^|\/)http-echo(:|@|$)/;
const DEFAULT_PORT = 5678;

/** What hashicorp/http-echo was told: `-text`, `-listen`, `-status-code`; also as ECHO_TEXT. */
export interface EchoSettings {
  readonly text: string;
  readonly port: number;
  readonly status: number;
}

/** The settings of an http-echo container, or undefined for any other image. @see https://github.com/hashicorp/http-echo */
export function echoSettings(container: Container): EchoSettings | undefined {
  if (!IMAGE.test(container.image)) return undefined;
  const flags = readFlags([...container.command, ...container.args]);
  const listen = flags.get("listen");
  return {
    text: flags.get("text") ?? container.env.ECHO_TEXT ?? "hello-world",
    port: listen === undefined ? DEFAULT_PORT : Number(listen.slice(listen.lastIndexOf(":") + 1)),
    status: Number(flags.get("status-code") ?? 200),
  };
}

/** The port that an http-echo container listens on; undefined when the image is another. */
export function echoPort(container: Container): number | undefined {
  return echoSettings(container)?.port;
}

/** Go's flags: -name=value, --name=value, -name value. */
function readFlags(args: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const [i, arg] of args.entries()) {
    const match = /^--?([a-z-]+)(?:=([\s\S]*))?$/.exec(arg);
    const name = match?.[1];
    if (name === undefined) continue;
    const value = match?.[2] ?? args[i + 1];
    if (value !== undefined) flags.set(name, value);
  }
  return flags;
}
