import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** A chart at its public home: in a classic repository, or below an OCI prefix. */
export interface Chart {
  /** Name under which it is published, and kept in a mirror: `istiod`, `cert-manager`. */
  readonly name: string;
  readonly version: string;
  /** `https://…` of a repository, or `oci://…/charts`. */
  readonly repository: string;
}

/** The inputs of a helm.v3.Release that say where its chart comes from. */
export interface ChartSource {
  readonly chart: string;
  readonly version: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/**
 * Where a chart is taken from: its public home, or the mirror of the stack (`learn:mirror.charts`), which is an `oci://`
 * prefix or a directory with `<chart>/` or `<chart>-<version>.tgz`.
 *
 * @throws pulumi.RunError when a mirror directory lacks the chart.
 */
export function chartSource({ name, version, repository }: Chart, mirror?: string): ChartSource {
  if (mirror !== undefined && !mirror.startsWith("oci://"))
    return { chart: inDirectory(name, version, mirror), version };
  const home = mirror ?? repository;
  if (home.startsWith("oci://")) return { chart: `${home.replace(/\/$/, "")}/${name}`, version };
  return { chart: name, version, repositoryOpts: { repo: home } };
}

function inDirectory(name: string, version: string, directory: string): string {
  const candidates = [name, `${name}-${version}.tgz`].map((file) => join(resolve(directory), file));
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new pulumi.RunError(
    `learn:mirror.charts: chart ${name} ${version} is not in ${resolve(directory)}; expected ${candidates.join(" or ")}. Fetch it with: helm pull ${name} --version ${version} -d ${directory} (see \`helm pull --help\` for its repository)`,
  );
}
