import { mainService, namespaceOf, serviceNames } from "../derive/apps.ts";
import { eachReadable, unlessUnreadable } from "../gaps.ts";
import { didYouMean } from "../nearest.ts";
import type { Problem } from "../problem.ts";
import type { AppConfig, Prototype } from "../schema.ts";

/** Rules of applications: names, mounts, mesh membership, answers. */
export function appProblems(prototype: Prototype): Problem[] {
  return unlessUnreadable(
    () =>
      eachReadable(prototype.apps, (name, app) =>
        unlessUnreadable(
          () => meshProblems(prototype, name, app),
          () => certificateProblems(name, app),
          () => mountProblems(prototype, name, app),
          () => wayInProblems(name, app),
        ),
      ),
    () => nameClashes(prototype),
  );
}

function meshProblems({ platform }: Prototype, name: string, app: AppConfig): Problem[] {
  const path = ["apps", name];
  const problems: Problem[] = [];
  if (app.mesh === "ambient" && !platform.istio) {
    problems.push({
      path: [...path, "mesh"],
      message: "ambient needs Istio, but learn:platform.istio is missing; add istio: {} there",
    });
  }
  if (app.waypoint && app.mesh !== "ambient") {
    problems.push({
      path: [...path, "waypoint"],
      message: "needs mesh: ambient beside it; a waypoint serves ambient pods",
    });
  }
  return problems;
}

/** A pod that speaks TLS has its certificate from an issuer. */
function certificateProblems(name: string, app: AppConfig): Problem[] {
  const path = ["apps", name];
  const problems: Problem[] = [];
  if (app.image?.tls && app.image.protocol !== "https") {
    problems.push({
      path: [...path, "image", "protocol"],
      message: `expected https because the pod holds a certificate (tls), got "${app.image.protocol}"`,
    });
  }
  for (const [kind, tls] of Object.entries({ nginx: app.nginx?.tls, image: app.image?.tls })) {
    if (tls && tls.issuer === undefined) {
      problems.push({
        path: [...path, kind, "tls", "issuer"],
        message: "missing; expected an entry of learn:issuers that signs the pod's certificate",
      });
    }
  }
  return problems;
}

function mountProblems({ secrets }: Prototype, name: string, app: AppConfig): Problem[] {
  const path = ["apps", name];
  const problems: Problem[] = [];
  for (const [index, mount] of app.mounts.entries()) {
    if (mount.secret === undefined) continue;
    const secret = secrets[mount.secret];
    if (!secret) {
      const known = Object.keys(secrets);
      problems.push({
        path: [...path, "mounts", index, "secret"],
        message: `expected an entry of learn:secrets (${known.join(", ") || "none is declared"}), got "${mount.secret}"${didYouMean(mount.secret, known)}`,
      });
    } else if (secret.namespace !== namespaceOf(name, app)) {
      problems.push({
        path: [...path, "mounts", index, "secret"],
        message: `Secret ${mount.secret} stands in namespace ${secret.namespace}, the pod in ${namespaceOf(name, app)}; a pod mounts only Secrets of its own namespace`,
      });
    }
  }
  return problems;
}

/** How requests come in: by an Ingress or by a Gateway. */
function wayInProblems(name: string, app: AppConfig): Problem[] {
  const path = ["apps", name];
  const problems: Problem[] = [];
  if (app.ingress && app.gateway) {
    problems.push({
      path,
      message: "expected ingress or gateway, got both; put one of them into a second application",
    });
  }
  for (const [index, answer] of app.answers.entries()) {
    if (answer.get !== undefined && !app.ingress && !app.gateway && answer.via === undefined) {
      problems.push({
        path: [...path, "answers", index],
        message: "asks the application from outside, but it has neither ingress nor gateway",
      });
    }
  }
  return problems;
}

/** Two applications of one namespace must not make the same objects. */
function nameClashes({ apps }: Prototype): Problem[] {
  const owner = new Map<string, string>();
  return Object.entries(apps).flatMap(([name, app]) =>
    serviceNames(name, app).flatMap((service) => {
      const key = `${namespaceOf(name, app)}/${service}`;
      const other = owner.get(key);
      if (other === undefined) owner.set(key, name);
      if (other === undefined) return [];
      const message = `makes Service ${key}, which application ${other} makes too; give one of them another namespace or service.name (here ${mainService(name, app).name})`;
      return [{ path: ["apps", name], message }];
    }),
  );
}
