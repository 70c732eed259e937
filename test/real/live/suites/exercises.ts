import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { examinationText } from "../../../../lab/doctor/report.ts";
import { exercises } from "../../../../lab/exercise/catalogue/catalogue.ts";
import { brokenFile } from "../../../../lab/exercise/edits.ts";
import { fieldsAt } from "../../../../lab/manifests/fields.ts";
import { formatRef, type KubeObject, refOf } from "../../../../lab/manifests/object.ts";
import { rehearse } from "../../../../lab/rehearsal/rehearse.ts";
import { stackText } from "../../../support/stack-files.ts";
import { eventually } from "../../lab/wait.ts";
import { Changes } from "../changes.ts";
import type { LiveLab } from "../live-lab.ts";

/** What an exercise shows on a cluster. */
interface Shown {
  readonly name: string;
  /** What verify gets instead of what is promised; nothing else is wrong. */
  readonly answers: Readonly<Record<string, RegExp>>;
  /** In the doctor's words; those of `onCluster` are among them. */
  readonly doctor: RegExp;
}

const https = "GET https://mango.example.com/mango";
const http = "GET http://mango.example.com/mango";

const shown: readonly Shown[] = [
  {
    name: "hostname-mismatch",
    answers: { [https]: /^status: 404/, [http]: /^status: 404/ },
    doctor: /HTTPRoute mango\/mango → .*\n.*Accepted=False NoMatchingListenerHostname/,
  },
  {
    name: "missing-secret",
    answers: { [https]: /refused|closed/ },
    doctor:
      /Gateway mango\/mango-gateway → Secret mango\/mango-certificate\n.*listener https: ResolvedRefs=False InvalidCertificateRef/,
  },
  {
    name: "target-port",
    answers: { "GET http://apple.example.com/apple": /^status: 503/ },
    doctor: /Service apple\/apple-svc → Deployment apple\/apple\n.*it has endpoints\n.*targetPort 5679/,
  },
  {
    name: "section-name",
    answers: { [https]: /^status: 404/, [http]: /^status: 404/ },
    doctor:
      /HTTPRoute mango\/mango → Gateway mango\/mango-gateway\n.*Accepted=False NoMatchingParent: sectionName "htps" not found/,
  },
  {
    name: "mesh-label",
    answers: { "Namespace mango in the ambient mesh": /^no such label$/ },
    doctor: /\? Namespace mango\n.*outside the ambient mesh/,
  },
  { name: "port-name", answers: {}, doctor: /\? Service mango\/mango-svc → Deployment mango\/mango\n.*\(W35\)/ },
];

/** Exercises whose break fits learn-03-07, played there: the objects that differ are applied, and verify and doctor asked. */
export function exercisesSuite(lab: LiveLab): void {
  let changes: Changes;

  beforeEach(() => {
    changes = new Changes(lab.client);
  });
  afterEach(() => changes.undo());

  for (const { name, answers, doctor } of shown)
    it(`${name}: verify and doctor show what it tells`, async () => {
      for (const object of await changedBy(name)) await apply(object);
      await eventually(`exercise ${name} to be seen`, 20, async () => {
        const wrong = (await lab.verify()).filter(({ ok, asked }) => !ok && !asked.startsWith("mTLS "));
        const seen = wrong.map(({ asked, got }) => `${asked}: ${got}`).join("\n");
        assert.deepEqual(wrong.map(({ asked }) => asked).sort(), Object.keys(answers).sort(), seen);
        for (const { asked, got } of wrong) assert.match(got, answers[asked] ?? /^$/);
        assert.match(examinationText(await lab.examine()), doctor);
        return true;
      });
      await changes.undo();
      await eventually("every answer again", 20, async () => {
        const wrong = (await lab.verify()).filter(({ ok, asked }) => !ok && !asked.startsWith("mTLS "));
        assert.deepEqual(wrong, []);
        return true;
      });
    });

  /** The objects that come out differently when the exercise's wire of the stack is broken. */
  async function changedBy(name: string): Promise<KubeObject[]> {
    const exercise = exercises.find((one) => one.name === name);
    if (!exercise) throw new Error(`there is no exercise ${name}`);
    const directory = join(lab.gateways.plane.directory, "exercises", name);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, `Pulumi.${lab.stack}.yaml`);
    writeFileSync(file, brokenFile(stackText(lab.stack), exercise));
    const before = objectsByName(lab.gateways.rehearsed.registrations);
    const changed = [...objectsByName((await rehearse(file, { run: "here" })).registrations)].flatMap(
      ([key, object]) => (isDeepStrictEqual(before.get(key), object) ? [] : [object]),
    );
    assert.ok(changed.length > 0, `exercise ${name} changes nothing`);
    return changed;
  }

  async function apply(object: KubeObject): Promise<void> {
    const { apiVersion, kind, metadata } = object;
    await changes.change([apiVersion, kind, metadata.namespace ?? "default", metadata.name], (live) => {
      live.spec = { ...fieldsAt(live, "spec"), ...fieldsAt(object, "spec") };
      live.metadata.labels = metadata.labels ?? {};
    });
  }
}

function objectsByName(registrations: readonly { readonly object?: KubeObject }[]): Map<string, KubeObject> {
  const objects = registrations.flatMap(({ object }) => (object ? [object] : []));
  return new Map(objects.map((object) => [formatRef(refOf(object)), object]));
}
