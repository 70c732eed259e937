import { fieldsAt, fieldsList } from "../../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../../lab/manifests/object.ts";
import { crdObjects, installCrds } from "../../cluster/crds.ts";
import { type Disease, reason, says } from "../disease.ts";
import { aGateway, gateway, secret, withSpec } from "../objects.ts";

const mango = gateway("mango", "mango-gateway");

/** Gateway, class, listeners and their Secrets. */
export const listenerDiseases: readonly Disease[] = [
  {
    title: "a new Gateway of a class that nobody serves",
    make: (changes) => changes.add(aGateway("apple", "fig", { gatewayClassName: "istioo" })),
    until: reason(gateway("apple", "fig"), "Pending"),
    wanted: {
      path: "Gateway apple/fig",
      from: "Gateway apple/fig",
      to: "GatewayClass istioo",
      status: /^no controller has looked at it$/,
      meaning: /there is no GatewayClass istioo: there are istio, istio-remote/,
      next: /get gatewayclass/,
      trouble: "T15",
      holds: ["Gateway apple/apple-gateway"],
    },
  },
  {
    title: "a Gateway whose class was changed into one that is not there: its old status stays",
    make: (changes) => changes.change(gateway("apple", "apple-gateway"), withSpec({ gatewayClassName: "nginx" })),
    until: says(gateway("apple", "apple-gateway"), /"Programmed"/),
    wanted: {
      path: "Gateway apple/apple-gateway",
      from: "Gateway apple/apple-gateway",
      to: "GatewayClass nginx",
      status: /^its status is of generation \d+, and the object is of generation \d+$/,
      meaning: /there is no GatewayClass nginx/,
      next: /get gatewayclass/,
      trouble: "T15",
      holds: ["Gateway mango/mango-gateway"],
    },
  },
  {
    title: "a listener whose Secret was deleted, while the Gateway says Programmed and the Certificate says Ready",
    make: (changes) => changes.remove(secret("mango", "mango-https-tls")),
    until: reason(mango, "InvalidCertificateRef"),
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      to: "Secret mango/mango-https-tls",
      status: /^listener https: ResolvedRefs=False InvalidCertificateRef: .*secret mango\/mango-https-tls not found$/,
      meaning: /cert-manager, which makes it anew within seconds, does not run/,
      next: /describe certificate mango-https-tls/,
      trouble: "T8",
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "a listener that names a Secret which nobody makes",
    make: (changes) => changes.change(mango, certificateRef({ name: "mango-certificate" })),
    until: reason(mango, "InvalidCertificateRef"),
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      to: "Secret mango/mango-certificate",
      status: /^listener https: ResolvedRefs=False InvalidCertificateRef: .*secret mango\/mango-certificate not found$/,
      meaning: /there is no Secret mango\/mango-certificate, and no Certificate makes it/,
      next: /spec\.secretName: mango-certificate/,
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "a Secret that holds no certificate",
    make: (changes) =>
      changes.change(secret("mango", "mango-https-tls"), (object) => {
        object.data = { ...fieldsAt(object, "data"), "tls.crt": Buffer.from("no certificate").toString("base64") };
      }),
    until: reason(mango, "InvalidCertificateRef"),
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      status: /^listener https: ResolvedRefs=False InvalidCertificateRef: .*malformed/,
      meaning: /does not serve/,
      next: /describe gateway mango-gateway/,
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "a certificate of another namespace without a ReferenceGrant",
    make: (changes) => changes.change(mango, certificateRef({ name: "nginx-tls", namespace: "nginx" })),
    until: reason(mango, "RefNotPermitted"),
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      to: "Secret nginx/nginx-tls",
      status: /^listener https: ResolvedRefs=False RefNotPermitted: .*not accessible.*missing a ReferenceGrant\?/,
      meaning: /no ReferenceGrant in namespace nginx lets it/,
      next: /add a ReferenceGrant in namespace nginx/,
      trouble: "T26",
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "the CRD of TLSRoutes is gone, and all TLSRoutes with it",
    make: async (changes, lab) => {
      const [crd] = crdObjects("gatewayApi").filter(({ metadata }) => metadata.name.startsWith("tlsroutes."));
      if (crd === undefined) throw new Error("there is no CRD of TLSRoutes");
      const path = "/apis/gateway.networking.k8s.io/v1/namespaces/nginx/tlsroutes/nginx";
      const { body } = await lab.client.send("GET", path);
      await lab.client.delete(crd.apiVersion, crd.kind, null, crd.metadata.name);
      changes.onUndo(async () => {
        await installCrds(lab.client, "gatewayApi");
        const { apiVersion, kind, metadata, spec } = body;
        await lab.gateways.must({ apiVersion, kind, metadata: { name: metadata.name, namespace: "nginx" }, spec });
      });
    },
    until: async ({ client }) => {
      const { status } = await client.send("GET", "/apis/gateway.networking.k8s.io/v1/tlsroutes");
      return status === 404;
    },
    wanted: {
      path: "Gateway nginx/nginx-gateway",
      from: "Gateway nginx/nginx-gateway",
      to: "CustomResourceDefinition tlsroutes.gateway.networking.k8s.io",
      status: /^listener tls: no route is attached$/,
      meaning: /the cluster does not know TLSRoutes/,
      next: /get crd tlsroutes\.gateway\.networking\.k8s\.io/,
      trouble: "T4",
      holds: ["HTTPS mango.example.com:443"],
    },
  },
];

/** Another certificateRef for the listener `https`. */
function certificateRef(ref: object) {
  return (object: KubeObject) => {
    for (const listener of fieldsList(fieldsAt(object, "spec").listeners))
      if (listener.name === "https") listener.tls = { ...fieldsAt(listener, "tls"), certificateRefs: [ref] };
  };
}
