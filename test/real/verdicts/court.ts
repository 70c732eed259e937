import { formatRef, type KubeObject, refOf } from "../../../lab/manifests/object.ts";
import type { Answer } from "../../../lab/probe/model.ts";
import { buildTopology } from "../../../lab/topology/topology.ts";
import type { Verdict } from "../../../tools/docs/controller-verdicts.ts";
import type { BrokenWire } from "../../wiring/broken-wires.ts";
import { deploymentOf } from "../gateway/applied.ts";
import { GATEWAY_API, GatewayLab } from "../gateway/gateway-lab.ts";
import { type Patience, settled } from "../lab/settled.ts";
import { eventually } from "../lab/wait.ts";
import { LiveSet } from "./live-set.ts";
import { Marker } from "./marker.ts";
import type { Scene } from "./scene.ts";
import { type Attached, attachedIn, complaints, WITH_STATUS } from "./statuses.ts";

/** Words of the API server beyond this length are the object itself, printed. */
const WORDS = 300;

const REFUSED = "refused";

/** The lab in which broken wires are shown to the API server, istiod and the Envoys, one after the other. */
export class Court {
  readonly lab = new GatewayLab("verdicts");
  private readonly live = new LiveSet(this.lab.plane.client, []);
  private readonly marker = new Marker(this.lab);
  private readonly patience: Patience;

  constructor(patience: Patience) {
    this.patience = patience;
  }

  async start(): Promise<void> {
    await this.lab.start();
    await this.marker.start();
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }

  /** Applies a set in which every wire holds, and gives what is said against it: nothing, it is hoped. */
  async open(scene: Scene, wires: readonly BrokenWire[]): Promise<Pick<Verdict, "statuses" | "answers">> {
    const objects = await scene.objects();
    const moved = await Promise.all(wires.map((wire) => scene.objects(wire)));
    await this.namespaces([...objects, ...moved.flat()]);
    await this.become(objects);
    await this.answer(scene, objects);
    return this.look(scene, objects, attachedIn(scene.topology), { statuses: [], answers: [] });
  }

  /** Breaks one wire and tells what comes of it; `expected` is what came of it before. */
  async judge(scene: Scene, wire: BrokenWire, expected?: Verdict): Promise<Verdict> {
    const valid = await scene.objects(wire, "valid");
    if (scene.requests.length > 0 && ["Gateway", "Deployment"].some((kind) => this.live.lacks(kind, valid))) {
      await this.podsGone(valid);
      await this.become(valid);
      await this.answer(scene, valid);
    }
    const broken = await scene.objects(wire);
    const { set, name } = wire;
    const refused = await this.live.become(broken);
    if (refused !== undefined) {
      // not in haste: of two changes of a Gateway at once istiod may leave the second without a status
      await this.become(valid);
      return { set, wire: name, refused: shortened(refused), statuses: [], answers: [] };
    }
    await this.marker.passed();
    const attached = attachedIn(buildTopology(wire.valid, wire.known));
    const seen = await this.look(scene, broken, attached, expected);
    return { set, wire: name, ...seen };
  }

  /** Mends the wire and breaks it once more: now and then istiod loses the one status that it had to write. */
  async judgeAgain(scene: Scene, wire: BrokenWire, expected: Verdict): Promise<Verdict> {
    await this.become(await scene.objects(wire, "valid"));
    return this.judge(scene, wire, expected);
  }

  private async become(objects: readonly KubeObject[]): Promise<void> {
    const refused = await this.live.become(objects);
    if (refused !== undefined) throw new Error(refused);
    await this.marker.passed();
  }

  /** Waits until the pods of Gateways that were deleted are gone: else one that comes back is taken for its former self. */
  private async podsGone(valid: readonly KubeObject[]): Promise<void> {
    const gateways = valid.filter((object) => object.kind === "Gateway" && this.live.lacks("Gateway", [object]));
    for (const gateway of gateways) {
      const { namespace = "default", name } = gateway.metadata;
      await this.lab.plane.client.remove(deploymentOf(gateway));
      await eventually(`pods of Gateway ${namespace}/${name} to be gone`, 30, async () => {
        const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=gateway.networking.k8s.io%2Fgateway-name%3D${name}`;
        return (await this.lab.plane.client.send("GET", path)).body.items?.length === 0;
      });
    }
  }

  /** A set may be moved into a namespace that it does not declare: that one exists, so that the move succeeds. */
  private async namespaces(objects: readonly KubeObject[]): Promise<void> {
    const declared = new Set(objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name));
    for (const name of new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? [])))
      if (!declared.has(name)) await this.lab.must({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }

  /** Has the set's pods and Gateways answer, at the addresses that they have now. */
  private async answer(scene: Scene, objects: readonly KubeObject[]): Promise<void> {
    const asked = new Set(scene.requests.map(({ gateway }) => gateway));
    const gateways = objects.filter(
      ({ kind, metadata }) => kind === "Gateway" && asked.has(`${metadata.namespace}/${metadata.name}`),
    );
    if (gateways.length > 0) await this.lab.answer(scene.topology, scene.store, gateways);
  }

  private look(
    scene: Scene,
    objects: readonly KubeObject[],
    attached: Attached,
    expected?: Pick<Verdict, "statuses" | "answers">,
  ): Promise<Pick<Verdict, "statuses" | "answers">> {
    const wanted =
      expected === undefined ? undefined : { statuses: [...expected.statuses], answers: [...expected.answers] };
    return settled(
      async () => {
        const [statuses, answers] = await Promise.all([this.statuses(objects, attached), this.answers(scene)]);
        return { statuses, answers };
      },
      this.patience,
      wanted,
    );
  }

  private async statuses(objects: readonly KubeObject[], attached: Attached): Promise<string[]> {
    const names = new Set(objects.map((object) => formatRef(refOf(object))));
    const lists = await Promise.all(WITH_STATUS.map((kind) => this.lab.plane.client.list(GATEWAY_API, kind)));
    return lists
      .flatMap(({ body }, i) =>
        (body.items as KubeObject[]).map((object): KubeObject => ({ ...object, kind: WITH_STATUS[i] ?? "" })),
      )
      .filter((object) => names.has(formatRef(refOf(object))))
      .flatMap((object) => complaints(object, attached));
  }

  private async answers({ requests }: Scene): Promise<string[]> {
    const given = await Promise.all(
      requests.map(async (request) => {
        const [namespace, name] = (request.gateway ?? "").split("/");
        const service = await this.lab.plane.client.get("v1", "Service", namespace ?? "", `${name}-istio`);
        // with the Service its address goes, at a time of the garbage collector's choosing; its Envoy has gone before
        const got = service.status === 200 ? said(await this.lab.ask(request)) : REFUSED;
        return { asked: `GET ${request.scheme}://${request.host}${request.path}`, got };
      }),
    );
    return given.flatMap(({ asked, got }) => (got === "200" ? [] : [`${asked}: ${got}`]));
  }
}

function said({ status }: Answer): string {
  return status === 0 ? REFUSED : String(status);
}

function shortened(words: string): string {
  return words.length <= WORDS ? words : `${words.slice(0, WORDS).trimEnd()} …`;
}
