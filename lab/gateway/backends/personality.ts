import type { IncomingHttpHeaders } from "node:http";
import type { Container, Workload } from "../../topology/model.ts";
import { bookinfo } from "./bookinfo.ts";
import { echoSettings } from "./echo.ts";
import { nginx } from "./nginx.ts";

/** A request as a backend sees it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a stand-in answers. */
export interface StandInAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Which pod behind which port of a Service answers. */
export interface Place {
  readonly namespace: string;
  readonly service: string;
  /** Undefined when nothing is known about the workload. */
  readonly workload: Workload | undefined;
  readonly container: Container | undefined;
  readonly port: number | undefined;
  /** Counts the requests, to take pods in turn. */
  readonly turn: number;
}

/** How a container image answers; undefined = this image is not known. */
export type Personality = (request: SeenRequest, place: Place) => StandInAnswer;

/** Chooses by image. What is known: http-echo, nginx, nginx-hello, Istio's bookinfo; anything else is told apart by name. */
export function personalityOf(container: Container | undefined): Personality {
  if (container === undefined) return unknown;
  const { image } = container;
  const echo = echoSettings(container);
  if (echo !== undefined) return () => plain(echo.text, echo.status);
  if (/(^|\/)examples-bookinfo-/.test(image)) return bookinfo(image);
  if (/(^|\/)(nginx-hello|nginxdemos\/hello)(:|@|$)/.test(image)) return hello;
  if (/(^|\/)(nginx|nginx-unprivileged)(:|@|$)/.test(image)) return nginx;
  return unknown;
}

/** An answer of text/plain. */
export function plain(body: string, status = 200): StandInAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/** Says for which Service it stands, and what it saw: the request line and the headers. */
function unknown(request: SeenRequest, { namespace, service }: Place): StandInAnswer {
  const lines = [`${namespace}/${service}`, `${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (const [name, value] of Object.entries(request.headers)) lines.push(`${name}: ${[value].flat().join(",")}`);
  return plain(`${lines.join("\n")}\n`);
}

/** nginxdemos/nginx-hello:plain-text. @see https://github.com/nginxinc/NGINX-Demos/tree/master/nginx-hello */
function hello(request: SeenRequest, place: Place): StandInAnswer {
  const pod = place.turn % Math.max(1, place.workload?.replicas ?? 1);
  const lines = [
    `Server address: 10.244.0.${10 + pod}:${place.port ?? 8080}`,
    `Server name: ${place.workload?.name ?? place.service}-${pod}`,
    `Date: ${new Date().toUTCString()}`,
    `URI: ${request.url}`,
    `Request ID: ${request.headers["x-request-id"] ?? "-"}`,
  ];
  return plain(`${lines.join("\n")}\n`);
}
