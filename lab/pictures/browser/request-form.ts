import type { GatewayPlan } from "../../gateway/plan/model.ts";
import type { Topology } from "../../topology/model.ts";
import { type LitPath, litPath } from "../lit-path.ts";
import type { PictureRequest } from "../model.ts";
import { inWords } from "../path-words.ts";
import { type TypedRequest, traceRequest } from "../trace-request.ts";
import { element, elementOf, make } from "./dom.ts";

/** The form in which a request is typed; it tells the request's way and has it lit. */
export class RequestForm {
  readonly #plan: GatewayPlan;
  readonly #topology: Topology;
  readonly #light: (path: LitPath | undefined) => void;
  readonly #form = elementOf("request-form", HTMLFormElement);
  readonly #method = elementOf("method", HTMLSelectElement);
  readonly #url = elementOf("url", HTMLInputElement);
  readonly #gateway = elementOf("gateway", HTMLSelectElement);
  readonly #headers = elementOf("headers", HTMLTextAreaElement);
  readonly #result = element("result");
  /** What an answer of the table asked beside what the form shows: server name, port behind a port-forward. */
  #shown: PictureRequest | undefined;

  constructor(plan: GatewayPlan, topology: Topology, light: (path: LitPath | undefined) => void) {
    this.#plan = plan;
    this.#topology = topology;
    this.#light = light;
    for (const name of new Set(plan.ports.map(({ owner }) => owner.name))) {
      this.#gateway.append(make("option", { value: name }, name));
    }
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#form.addEventListener("reset", () => {
      this.#light(undefined);
      this.#say("", []);
    });
  }

  /** Shows an answer's request as if it had been typed. */
  show(request: PictureRequest): void {
    this.#shown = request;
    this.#method.value = request.method;
    this.#url.value = request.url;
    this.#gateway.value = request.gateway ?? "";
    this.#headers.value = Object.entries(request.headers ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n");
    this.#submit();
    element("request").scrollIntoView({ block: "start" });
    this.#url.focus({ preventScroll: true });
  }

  #submit(): void {
    try {
      const path = traceRequest(this.#plan, this.#typed());
      const { headline, good, steps } = inWords(path);
      this.#say(good ? "good" : "bad", [
        make("p", {}, headline),
        make("ol", {}, ...steps.map((step) => make("li", {}, step))),
      ]);
      this.#light(litPath(this.#topology, path));
    } catch (error) {
      this.#say("bad", [make("p", {}, error instanceof Error ? error.message : String(error))]);
      this.#light(undefined);
    }
  }

  #typed(): TypedRequest {
    const url = this.#url.value.trim();
    const gateway = this.#gateway.value || undefined;
    const shown = this.#shown?.url === url ? this.#shown : undefined;
    const { sni, port } = shown ?? {};
    return { method: this.#method.value, url, gateway, headers: readHeaders(this.#headers.value), sni, port };
  }

  #say(look: "" | "good" | "bad", content: readonly Node[]): void {
    this.#result.className = look;
    this.#result.replaceChildren(...content);
  }
}

/** @throws Error naming the line that is no header */
function readHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const colon = line.indexOf(":");
    if (colon < 1) throw new Error(`not a header: ${line} (expected name: value)`);
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}
