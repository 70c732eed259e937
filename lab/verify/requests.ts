import type { Kubectl } from "../live/kubectl.ts";
import { secretValue } from "../live/objects.ts";
import { type Fields, fields, fieldsList, text, textList } from "../manifests/fields.ts";
import { differences } from "../probe/expectation.ts";
import type { Answer } from "../probe/model.ts";
import { probe } from "../probe/probe.ts";
import { type PromisedRequest, promisedRequests } from "../rehearsal/answers/requests.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import type { Door, Ways } from "./reach.ts";
import type { Check, Result } from "./result.ts";

/** The stack's `endpoints` as checks: the requests of the rehearsal, made at the real addresses over verified chains. */
export function requestChecks(outputs: Fields, kubectl: Kubectl, ways: Ways): Check[] {
  const endpoints = fieldsList(outputs.endpoints).filter(({ url }) => text(url) !== undefined);
  return promisedRequests(outputs).map((promised, index): Check => {
    const endpoint = endpoints[index] ?? {};
    const asked = `${promised.request.method ?? "GET"} ${text(endpoint.url)}`;
    return { asked, run: () => ask(asked, promised, endpoint, outputs, kubectl, ways) };
  });
}

async function ask(
  asked: string,
  { app, request }: PromisedRequest,
  endpoint: Fields,
  outputs: Fields,
  kubectl: Kubectl,
  ways: Ways,
): Promise<Result> {
  const expected = Object.entries(request.expect)
    .map(([key, value]) => (key === "status" || key === "body" ? String(value) : `${key} ${value}`))
    .join(", ");
  try {
    const way = await ways.to(doorOf(endpoint, request.port));
    const trusted = await rootsOf(textList(endpoint.trust), fields(outputs.authorities), kubectl);
    const answer = await probe(request, { host: way.host, port: way.port, trusted });
    const wrong = differences(request.expect, answer);
    const got = wrong.length === 0 ? gotText(answer) : wrong.map(({ field, got }) => `${field}: ${got}`).join(", ");
    return { app, asked, expected, got, ok: wrong.length === 0, how: `${way.words}${chainText(answer)}` };
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    return { app, asked, expected, got: error.message, ok: false, how: "nothing could be asked" };
  }
}

function doorOf(endpoint: Fields, port: number): Door {
  const gateway = text(endpoint.gateway);
  const address = text(endpoint.address);
  const { namespace, service, port: servicePort } = fields(endpoint.portForward);
  const forward =
    typeof namespace === "string" && typeof service === "string" && typeof servicePort === "number"
      ? { namespace, service, port: servicePort }
      : undefined;
  return {
    ...(gateway === undefined ? {} : { gateway }),
    ...(address === undefined ? {} : { address }),
    port: forward?.port ?? port,
    ...(forward === undefined ? {} : { forward }),
  };
}

/** Roots to trust: PEM from the outputs, or `ca.crt` of a Secret in the cluster. */
export async function rootsOf(names: readonly string[], authorities: Fields, kubectl: Kubectl): Promise<string[]> {
  const roots = await Promise.all(
    names.map(async (name) => {
      const { pem, secret } = fields(authorities[name]);
      if (typeof pem === "string") return pem;
      const { namespace = "", name: secretName = "", key = "ca.crt" } = fields(secret);
      return secretValue(kubectl, String(namespace), String(secretName), String(key));
    }),
  );
  return roots.filter((root) => root !== undefined);
}

function gotText({ status, error }: Answer): string {
  return status === 0 ? `refused${error === undefined ? "" : ` (${error})`}` : String(status);
}

function chainText({ chain = [] }: Answer): string {
  const [leaf] = chain;
  return leaf === undefined ? "" : `; certificate ${leaf.subject} signed by ${leaf.issuer}, until ${leaf.validTo}`;
}
