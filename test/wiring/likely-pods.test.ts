import assert from "node:assert/strict";
import { ASSUMED } from "../../lab/topology/known.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { checkWiring } from "../../lab/wiring/wiring.ts";
import { objects } from "./example.ts";

/** A Service that selects app=mango, port 80 to 8080. */
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: mango, namespace: fruit }
spec: { selector: { app: mango }, ports: [{ port: 80, targetPort: 8080 }] }
`;

function deployment(name: string, labels: string, ports = ""): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: fruit }
spec:
  selector: { matchLabels: ${labels} }
  template: { metadata: { labels: ${labels} }, spec: { containers: [{ name: c, image: i, ports: [${ports}] }] } }
`;
}

/** Another Service of the namespace, which takes what its own selector matches. */
const other = (name: string) => `---${SERVICE.replaceAll("mango", name)}`;

const CASES: [title: string, set: string, told: boolean][] = [
  ["nothing else", "", false],
  ["a worker of its own", deployment("mailer", "{ app: mailer }"), false],
  ["a slip in the value", deployment("m", "{ app: mnago }"), true],
  ["the same value under another key", deployment("m", "{ name: mango }"), true],
  ["a Deployment of a related name", deployment("mango-v1", "{ tier: web }"), true],
  ["a Deployment whose name only holds its letters", deployment("mangostan", "{ tier: web }"), false],
  ["pods with the port", deployment("web", "{ app: web }", "{ containerPort: 8080 }"), true],
  ["pods with another port", deployment("web", "{ app: web }", "{ containerPort: 9090 }"), false],
  ["pods of a Service of a near name", other("mangos") + deployment("mangos", "{ app: mangos }"), false],
];

describe("a Service whose selector finds nothing, in a set that may lack workloads", () => {
  for (const [title, set, told] of CASES) {
    it(`beside ${title} is ${told ? "told as a mistake (W29)" : "taken for one whose pods are elsewhere"}`, () => {
      const found = checkWiring(buildTopology(objects(SERVICE + set), ASSUMED)).map(({ rule }) => rule);
      assert.deepEqual(found, told ? ["W29"] : []);
    });
  }
});
