import { mainService, namespaceOf, speaks } from "../../config/derive/apps.ts";
import { podCertificate } from "../../config/derive/certificates.ts";
import type { AppConfig } from "../../config/schema.ts";
import { images } from "../../config/versions.ts";
import type { Manifest } from "../kubernetes/apply.ts";
import { bookinfoManifests } from "./bookinfo.ts";
import { nginxConfig, nginxVolumes } from "./nginx.ts";
import { type Container, deployment, service, type Volume } from "./workload.ts";

/** Every object of an application: workload, Service, volumes, configuration. */
export function appManifests(name: string, app: AppConfig): Manifest[] {
  if (app.bookinfo) return bookinfoManifests(name, app);
  const namespace = namespaceOf(name, app);
  const main = mainService(name, app);
  const workload = app.cafe ? "coffee" : name;
  const labels = { app: workload };
  return [
    ...claims(name, app),
    ...(app.nginx?.tls ? [nginxConfig(name, namespace)] : []),
    deployment({
      name: workload,
      namespace,
      labels,
      replicas: app.replicas ?? (app.cafe ? 2 : 1),
      container: container(workload, app),
      volumes: [...tlsVolumes(name, app), ...mounts(name, app)],
    }),
    service({ ...main, namespace, selector: labels }),
  ];
}

function container(name: string, app: AppConfig): Container {
  const portName = speaks(app);
  if (app.nginx) return { name, image: images.nginx, port: app.nginx.tls ? 443 : 80, portName };
  if (app.cafe) return { name, image: images.cafe, port: 80, portName };
  if (app.image) {
    const { name: image, port, args, command, env } = app.image;
    return { name, image, port, portName, ...defined({ args, command, env }) };
  }
  return { name, image: images.httpEcho, port: 5678, portName, args: [`-text=${app.echo ?? ""}`] };
}

function tlsVolumes(name: string, app: AppConfig): Volume[] {
  const certificate = podCertificate(name, app);
  if (!certificate) return [];
  if (app.nginx) return nginxVolumes(name, certificate.secret);
  return [{ name: "tls", path: app.image?.tls?.path ?? "/etc/tls", secret: certificate.secret }];
}

function mounts(name: string, app: AppConfig): Volume[] {
  return app.mounts.map((mount, index): Volume => {
    const volume = { name: `mount-${index}`, path: mount.path };
    return mount.secret === undefined
      ? { ...volume, claim: claimName(name, index) }
      : { ...volume, secret: mount.secret };
  });
}

function claims(name: string, app: AppConfig): Manifest[] {
  return app.mounts.flatMap((mount, index) =>
    mount.claim === undefined
      ? []
      : [
          {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: { name: claimName(name, index), namespace: namespaceOf(name, app) },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: mount.claim } } },
          },
        ],
  );
}

function claimName(app: string, index: number): string {
  return index === 0 ? `${app}-data` : `${app}-data-${index}`;
}

/** Only the fields that have a value: Kubernetes and Pulumi tell "absent" from "undefined". */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> };
function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
