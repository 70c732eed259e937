import type { AppConfig, Prototype } from "../schema.ts";
import { once } from "./once.ts";

/** What a container speaks on its port. */
export type Speaks = "http" | "https" | "h2c" | "tcp";

export function namespaceOf(name: string, { namespace }: { readonly namespace?: string | undefined }): string {
  return namespace ?? name;
}

export function speaks(app: AppConfig): Speaks {
  if (app.nginx?.tls) return "https";
  return app.image?.protocol ?? "http";
}

/** The Service that routes lead to unless they name another one: its name, its port and the port's name. */
export interface MainService {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly portName: string;
}

export function mainService(name: string, app: AppConfig): MainService {
  const own = builtInService(name, app);
  return {
    name: app.service?.name ?? own.name,
    port: app.service?.port ?? own.port,
    targetPort: app.service?.targetPort ?? own.targetPort,
    portName: app.service?.portName ?? speaks(app),
  };
}

function builtInService(name: string, app: AppConfig): Omit<MainService, "portName"> {
  if (app.bookinfo) return { name: "productpage", port: 9080, targetPort: 9080 };
  if (app.cafe) return { name: "coffee", port: 80, targetPort: 80 };
  if (app.nginx) {
    return app.nginx.tls
      ? { name: `${name}-svc`, port: 443, targetPort: 443 }
      : { name: `${name}-svc`, port: 80, targetPort: 80 };
  }
  if (app.image) return { name: `${name}-svc`, port: app.image.port, targetPort: app.image.port };
  return { name: `${name}-svc`, port: 8000, targetPort: 5678 };
}

/** Every Service of an application by name, with its port. */
export function serviceNames(name: string, app: AppConfig): string[] {
  const main = mainService(name, app).name;
  return app.bookinfo ? [main, "details", "ratings", "reviews"] : [main];
}

/** Namespaces of the stack whose pods are in the ambient mesh. */
export const ambientNamespaces = once(({ apps }: Pick<Prototype, "apps">): ReadonlySet<string> => {
  const members = Object.entries(apps).filter(([, app]) => app.mesh === "ambient");
  return new Set(members.map(([name, app]) => namespaceOf(name, app)));
});
