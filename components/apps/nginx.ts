import type { Manifest } from "../kubernetes/apply.ts";
import type { Volume } from "./workload.ts";

const certificatePath = "/etc/nginx/tls";

/** The server block of an nginx that speaks TLS itself, with its usual welcome page. */
const serverBlock = `server {
    listen 443 ssl;
    listen [::]:443 ssl;
    http2 on;
    ssl_certificate ${certificatePath}/tls.crt;
    ssl_certificate_key ${certificatePath}/tls.key;
    location / {
        root /usr/share/nginx/html;
        index index.html;
    }
}
`;

export function nginxConfig(app: string, namespace: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${app}-config`, namespace },
    data: { "default.conf": serverBlock },
  };
}

export function nginxVolumes(app: string, secret: string): Volume[] {
  return [
    { name: "config", path: "/etc/nginx/conf.d", configMap: `${app}-config` },
    { name: "tls", path: certificatePath, secret },
  ];
}
