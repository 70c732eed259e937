import assert from "node:assert/strict";
import { readPage } from "../../tools/docs/pages.ts";
import type { Place, Said } from "./place.ts";

/** How a command of the README is proved: run as it is written, or not run, for a reason. */
export type Run = { readonly run: (place: Place, command: string) => Promise<void> } | NotRun;

export interface NotRun {
  readonly notRun: string;
}

/** Every command of the README, as it is written there. */
export const runs: Readonly<Record<string, Run>> = {
  "npm ci && npm start": {
    run: async (place) => {
      // `npm ci` made the node_modules that all of this runs with: .ci/run begins with it
      showsReport(await place.run("npm start"));
    },
  },
  "npm cit": { notRun: "it is npm ci and npm test, which .ci/run does beside this" },
  "npm start": { notRun: "it is run as a part of the first command of all" },
  "npm start -- learn-05": {
    run: async (place, command) => showsReport(await place.run(command)),
  },
  "npm start -- learn-03": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0);
      assert.match(stdout, /^learn-03 {2}\d+ resources to create/m);
      assert.match(stdout, /answers, all as promised/);
    },
  },
  "npm start -- --all": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0, stdout);
      const stacks = [...readPage("README.md").matchAll(/^\| \[(learn-[\d-]+)\]/gm)].map(([, stack]) => stack);
      assert.deepEqual([...stdout.matchAll(/^ {2}✓ {2}(\S+)/gm)].map(([, stack]) => stack).sort(), stacks.sort());
    },
  },
  "npm start -- learn-05 --plan": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0);
      assert.match(stdout, /^learn-05 {2}\d+ resources to create: \d+ components, \d+ Helm Releases, \d+ others\n├─ /m);
      assert.doesNotMatch(stdout, /Answers/, "it goes on after the plan");
    },
  },
  "npm start -- learn-05 --json": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command.replace("npm start", "npm start --silent"));
      assert.equal(code, 0);
      const { stack, ok } = JSON.parse(stdout);
      assert.deepEqual([stack, ok], ["learn-05", true]);
    },
  },
  "npm start -- learn-05 --serve": {
    run: async (place, command) => {
      const running = place.start(command);
      const [line, printed = ""] = await running.prints(/^ {2}(curl .*https:\/\/mango\.example\.com\/mango) /m);
      await running.prints(/Ctrl-C ends it/);
      assert.ok(!/ -k\b|--insecure/.test(line), line);
      // its port is the first free one from 8443 on
      const atPort = (curl: string, port: string) => curl.replace(/(127\.0\.0\.1:)\d+/, `$1${port}`);
      const [, port = ""] = /127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
      const [curl = ""] = readPage("README.md").match(/^curl --cacert .*$/m) ?? [];
      assert.equal(printed, atPort(curl, port));
      const answer = await place.run(atPort(curl, port));
      assert.equal(answer.stdout, "juicy mango", answer.stderr);
      await running.prints(/GET https:\/\/\S+\/mango → 200 .*listener https.*HTTPRoute/s);
      await running.end();
    },
  },
  "curl --cacert out/learn-05/pki/ca.pem --connect-to mango.example.com:443:127.0.0.1:8443 https://mango.example.com/mango":
    { notRun: "it is run against `npm start -- learn-05 --serve`, while that is up" },
  "npm start -- learn-05 --serve --open": {
    run: async (place, command) => {
      const running = place.start(command);
      await running.prints(/Ctrl-C ends it/);
      await running.end();
      const [opened] = place.calls();
      assert.match(opened?.call ?? "", /^open file:\/\/.*\/out\/learn-05\/index\.html$/);
    },
  },
  "npm run compare -- learn-01 learn-05": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0);
      assert.match(stdout, /^│ +│ mango +│ learn-01 +│ learn-05 +│$/m);
      assert.match(stdout, /↳ Ingress mango\/mango spec\.tls .*│ ↳ Gateway mango\/mango-gateway spec\.listeners /);
      assert.match(stdout, /↳ Ingress mango\/mango spec\.tls\[\]\.secretName .*│ ↳ Gateway mango\/mango-gateway/);
    },
  },
  "npm run exercise": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0);
      assert.ok([...stdout.matchAll(/^ {2}· {2}\S+ +learn-/gm)].length >= 12, stdout);
    },
  },
  "npm run preview -- learn-05": callsPulumi("stack select --create learn-05", "preview --stack learn-05"),
  "npm run up -- learn-05": callsPulumi("stack select --create learn-05", "up --stack learn-05"),
  "npm run up -- learn-05 --yes": {
    ...callsPulumi("stack select --create learn-05", "up --stack learn-05 --yes"),
  },
  "npm run outputs -- learn-05": callsPulumi("stack select learn-05", "stack output --stack learn-05"),
  "npm run destroy -- learn-05": callsPulumi("stack select learn-05", "destroy --stack learn-05"),
  "export PULUMI_CONFIG_PASSPHRASE=": { notRun: "it is run before `pulumi up --stack learn-05`, in one shell" },
  "pulumi up --stack learn-05": {
    run: async (place, command) => {
      assert.equal((await place.run("export PULUMI_CONFIG_PASSPHRASE=", command)).code, 0);
      assert.deepEqual(place.calls(), [{ call: "up --stack learn-05", directory: place.directory, passphrase: "" }]);
    },
  },
  "npm run verify -- learn-05": {
    run: async (place, command) => {
      const { code, stdout, stderr } = await place.run(command);
      assert.equal(code, 0, stdout + stderr);
      for (const asked of [
        /✓ {2}GET https/,
        /✓ {2}certificate in Secret/,
        /✓ {2}mTLS to the pods/,
        /✓ {2}Vault server/,
      ])
        assert.match(stdout, asked);
      assert.match(stdout, /a port-forward to Service .* because 192\.0\.2\.\d+ cannot be reached from this machine/);
    },
  },
  "npm run doctor -- learn-05": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /✓.*mango\/mango-gateway/);
    },
  },
  "npm run doctor -- --context my-cluster": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /✓.*mango\/mango-gateway/);
    },
  },
  "npm run images -- learn-05": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0);
      assert.match(stdout, /^docker\.io\/hashicorp\/vault:/m);
    },
  },
  "npm run --silent images -- learn-05 --to registry.my-company.test/mirror": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0);
      for (const line of stdout.split("\n")) assert.match(line, /^\S+ registry\.my-company\.test\/mirror\/\S+$/);
    },
  },
  "cp docs/examples/Pulumi.mine.yaml stacks/Pulumi.mine.yaml": {
    run: async (place, command) => {
      assert.equal((await place.run(command)).code, 0);
    },
  },
  "npm start -- mine": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /answers, all as promised/);
    },
  },
  "npm run up -- mine": callsPulumi("stack select --create mine", "up --stack mine"),
  "npm run check -- -f docs/examples/three-mistakes.yaml": {
    run: async (place, command) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 1);
      assert.ok(stdout.includes(generated("check:docs/examples/three-mistakes.yaml")), stdout);
    },
  },
  "npm run serve -- -f my-manifests/": {
    run: async (place, command) => {
      place.write("my-manifests/all.yaml", MANIFESTS);
      const requests = [{ scheme: "http", host: "fig.example.com", port: 80, path: "/", expect: { status: 200 } }];
      place.write("requests.json", JSON.stringify(requests));
      const probed = await place.run(`${command} --probe requests.json`);
      assert.equal(probed.code, 0, probed.stderr);
      const running = place.start(command);
      const [, port] = await running.prints(/Gateway fig\/gate port 80 → 127\.0\.0\.1:(\d+)/);
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } });
      assert.equal(answer.status, 404, "this Host has no route");
      await running.end();
    },
  },
  "pulumi preview --policy-pack": { notRun: "it is an option's name, explained in docs/policy-pack.md" },
};

/** A command that hands over to pulumi: with the stack, the project's directory and the documented passphrase. */
function callsPulumi(...calls: readonly string[]) {
  return {
    run: async (place: Place, command: string) => {
      const { code, stdout } = await place.run(command);
      assert.equal(code, 0);
      const { directory } = place;
      assert.deepEqual(
        place.calls(),
        calls.map((call) => ({ call, directory, passphrase: "" })),
      );
      assert.ok(stdout.endsWith(`pretended: pulumi ${calls.at(-1)}`), "pulumi's own words are not shown");
    },
  };
}

function showsReport({ code, stdout }: Said): void {
  assert.equal(code, 0, stdout);
  // the README leaves some parts of the report out
  for (const part of generated("rehearsal:learn-05").split("\n\n")) assert.ok(stdout.includes(part), stdout);
}

/** What the README shows between the comments of a generated block. */
function generated(name: string): string {
  const [, text] =
    readPage("README.md")
      .split(`<!-- generated: ${name} -->`)[1]
      ?.match(/^\n+```text\n([\s\S]*?)\n```\n/) ?? [];
  assert.ok(text, `the README has no generated block ${name}`);
  return text;
}

const MANIFESTS = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: fig }
spec:
  gatewayClassName: istio
  listeners: [{ name: http, port: 80, protocol: HTTP }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: fig, namespace: fig }
spec:
  parentRefs: [{ name: gate }]
  hostnames: [fig.example.com]
  rules: [{ backendRefs: [{ name: fig, port: 80 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: fig, namespace: fig }
spec:
  selector: { app: fig }
  ports: [{ port: 80 }]
`;
