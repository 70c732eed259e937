import assert from "node:assert/strict";
import type { Examination } from "../../lab/doctor/diagnosis.ts";
import { examineSet } from "../../lab/doctor/doctor.ts";
import { examinationText } from "../../lab/doctor/report.ts";
import { formatRef } from "../../lab/manifests/object.ts";
import { knownOf } from "../../lab/stack/known.ts";
import { golden } from "../support/golden.ts";
import {
  condition,
  endpoints,
  gatewayStatus,
  LiveObjects,
  notReady,
  podOf,
  request,
  routeStatus,
  waiting,
} from "../support/live-objects.ts";

/** What the first broken wire of some path must be. */
interface Wanted {
  /** Part of the path. */
  readonly path: string;
  readonly from: string;
  readonly to?: string;
  readonly status: RegExp;
  readonly meaning: RegExp;
  readonly next: RegExp;
  readonly trouble?: string;
  /** Paths, by a part of their text, that hold in spite of it. */
  readonly holds?: readonly string[];
}

interface Case {
  readonly title: string;
  readonly stack: string;
  readonly disease: (live: LiveObjects) => void;
  readonly wanted: Wanted;
}

const vaultSays = (text: string) =>
  `Failed to initialize Vault client: while requesting a Vault token using the Kubernetes auth: ${text}`;

const cases: readonly Case[] = [
  {
    title: "T3: nobody gives addresses",
    stack: "learn-03-07",
    disease: (live) => {
      live.removeKinds("IPAddressPool", "L2Advertisement");
      const gateway = live.get("Gateway mango/mango-gateway");
      const conditions = [
        condition("Accepted", "True", "Accepted"),
        condition(
          "Programmed",
          "False",
          "AddressNotAssigned",
          'Assigned to service(s) mango-gateway-istio.mango.svc.cluster.local:80, but failed to assign to all requested addresses: address pending for hostname "mango-gateway-istio.mango.svc.cluster.local"',
        ),
      ];
      live.change("Gateway mango/mango-gateway", { status: { ...gatewayStatus(gateway), conditions } });
    },
    wanted: {
      path: "mango.example.com:80",
      from: "Gateway mango/mango-gateway",
      status: /^Programmed=False AddressNotAssigned: .*address pending/,
      meaning: /no MetalLB pool .*timed out waiting for the condition/,
      next: /describe service -l gateway\.networking\.k8s\.io\/gateway-name=mango-gateway/,
      trouble: "T3",
      holds: ["Gateway nginx/nginx-gateway"],
    },
  },
  {
    title: "T12: there is a pool, and it is used up",
    stack: "learn-03-07",
    disease: (live) => {
      const gateway = live.get("Gateway mango/mango-gateway");
      const conditions = [condition("Programmed", "False", "AddressNotAssigned", "address pending")];
      live.change("Gateway mango/mango-gateway", { status: { ...gatewayStatus(gateway), conditions } });
    },
    wanted: {
      path: "mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      status: /AddressNotAssigned/,
      meaning: /there is a pool, but .*used up/,
      next: /get ipaddresspools/,
      trouble: "T12",
    },
  },
  {
    title: "a listener without its Secret, while the Gateway as a whole says Programmed",
    stack: "learn-03-03",
    disease: (live) => {
      live.remove("Secret mango/mango-https-tls");
      const gateway = live.get("Gateway mango/mango-gateway");
      const https = [
        condition("Accepted", "True", "Accepted"),
        condition(
          "ResolvedRefs",
          "False",
          "InvalidCertificateRef",
          "invalid certificate reference /Secret/mango-https-tls, secret mango/mango-https-tls not found",
        ),
        condition("Programmed", "False", "Invalid", "Bad TLS configuration"),
      ];
      live.change("Gateway mango/mango-gateway", { status: gatewayStatus(gateway, { https }) });
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      to: "Secret mango/mango-https-tls",
      status: /^listener https: ResolvedRefs=False InvalidCertificateRef: .*not found/,
      meaning: /mango-https-tls/,
      next: /mango-https-tls/,
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "T26: routes of another namespace are not let in",
    stack: "learn-04",
    disease: (live) => {
      const listener = { name: "http", protocol: "HTTP", port: 80, hostname: "*.example.com" };
      live.changeSpec("Gateway edge/edge", { listeners: [listener] });
      const refused = [
        condition("Accepted", "False", "NotAllowedByListeners", "Gateway listener does not allow this route."),
      ];
      live.change("HTTPRoute cafe/cafe", { status: routeStatus(live.get("HTTPRoute cafe/cafe"), refused) });
    },
    wanted: {
      path: "HTTPRoute cafe/cafe",
      from: "HTTPRoute cafe/cafe",
      to: "Gateway edge/edge",
      status: /^Accepted=False NotAllowedByListeners/,
      meaning: /namespace/,
      next: /allowedRoutes/,
      trouble: "T26",
    },
  },
  {
    title: "T26: a backend of another namespace without a ReferenceGrant",
    stack: "learn-04",
    disease: (live) => {
      live.changeSpec("HTTPRoute apple/apple", {
        rules: [{ backendRefs: [{ name: "coffee", namespace: "cafe", port: 80 }] }],
      });
      const conditions = [
        condition("Accepted", "True", "Accepted"),
        condition(
          "ResolvedRefs",
          "False",
          "RefNotPermitted",
          "Backend ref to Service cafe/coffee not permitted by any ReferenceGrant",
        ),
      ];
      live.change("HTTPRoute apple/apple", { status: routeStatus(live.get("HTTPRoute apple/apple"), conditions) });
    },
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "HTTPRoute apple/apple",
      to: "Service cafe/coffee",
      status: /^ResolvedRefs=False RefNotPermitted/,
      meaning: /ReferenceGrant/,
      next: /ReferenceGrant/,
      trouble: "T26",
      holds: ["HTTPRoute cafe/cafe"],
    },
  },
  {
    title: "T15: a parentRef that names no Gateway, and therefore no status",
    stack: "learn-03-03",
    disease: (live) => {
      live.changeSpec("HTTPRoute mango/mango", { parentRefs: [{ name: "mango-gatway", sectionName: "https" }] });
      live.change("HTTPRoute mango/mango", { status: {} });
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gatway",
      status: /^no controller has written a status for it/,
      meaning: /mango-gatway/,
      next: /mango-gateway/,
      trouble: "T15",
      holds: ["Gateway mango/mango-gateway"],
    },
  },
  {
    title: "T4: a right TLSRoute that the controller's version does not look at",
    stack: "learn-03-05",
    disease: (live) => live.change("TLSRoute default/nginx", { status: {} }),
    wanted: {
      path: "TLSRoute default/nginx",
      from: "TLSRoute default/nginx",
      status: /^no controller has written a status/,
      meaning: /its parentRef is right, .*version/,
      next: /get crd tlsroutes\.gateway\.networking\.k8s\.io/,
      trouble: "T4",
    },
  },
  {
    title: "one of two listeners refuses a route, and only that path is broken",
    stack: "learn-03-03",
    disease: (live) => {
      const [http, https] = [
        { name: "http", protocol: "HTTP", port: 80, hostname: "mango.example.com" },
        {
          name: "https",
          protocol: "HTTPS",
          port: 443,
          hostname: "fig.example.com",
          tls: { certificateRefs: [{ name: "mango-https-tls" }] },
        },
      ];
      live.changeSpec("Gateway mango/mango-gateway", { listeners: [http, https] });
      live.changeSpec("HTTPRoute mango/mango", { hostnames: ["mango.example.com"] });
      const accepted = [condition("Accepted", "True", "Accepted")];
      const refused = [
        condition("Accepted", "False", "NoMatchingListenerHostname", "No hostname matches parent hostname"),
      ];
      const parent = (sectionName: string, conditions: typeof accepted) => ({
        parentRef: { name: "mango-gateway", sectionName },
        conditions,
      });
      live.change("HTTPRoute mango/mango", {
        status: { parents: [parent("http", accepted), parent("https", refused)] },
      });
    },
    wanted: {
      path: "HTTPS fig.example.com:443",
      from: "HTTPRoute mango/mango",
      to: "Gateway mango/mango-gateway",
      status: /^Accepted=False NoMatchingListenerHostname/,
      meaning: /mango\.example\.com/,
      next: /hostname/,
      holds: ["HTTP mango.example.com:80"],
    },
  },
  {
    title: "T20: an image that the registry does not give because too many were pulled",
    stack: "learn-03-03",
    disease: (live) => {
      const { labels = {} } = live.get("Pod mango/mango-1").metadata;
      const message =
        "failed to pull and unpack image: 429 Too Many Requests - toomanyrequests: You have reached your pull rate limit.";
      live.put(podOf("mango", "mango-1", labels, waiting("ErrImagePull", message)));
      live.put(endpoints("mango", "mango-svc", false));
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Pod mango/mango-1",
      to: "Service mango/mango-svc",
      status: /^ErrImagePull; .*toomanyrequests/,
      meaning: /too many images were pulled; use learn:mirror\.images/,
      next: /describe pod mango-1/,
      trouble: "T20",
    },
  },
  {
    title: "T20: an image that is not there",
    stack: "learn-03-03",
    disease: (live) => {
      const { labels = {} } = live.get("Pod mango/mango-1").metadata;
      live.put(
        podOf(
          "mango",
          "mango-1",
          labels,
          waiting("ImagePullBackOff", 'Back-off pulling image "hashicorp/http-echo:9"'),
        ),
      );
      live.put(endpoints("mango", "mango-svc", false));
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Pod mango/mango-1",
      status: /^ImagePullBackOff; Back-off pulling image "hashicorp\/http-echo:9"/,
      meaning: /name, its version or the way to the registry/,
      next: /describe pod/,
      trouble: "T20",
    },
  },
  {
    title: "a program that starts and ends again",
    stack: "learn-03-03",
    disease: (live) => {
      const { labels = {} } = live.get("Pod mango/mango-1").metadata;
      live.put(
        podOf("mango", "mango-1", labels, waiting("CrashLoopBackOff", "back-off 40s restarting failed container", 5)),
      );
      live.put(endpoints("mango", "mango-svc", false));
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Pod mango/mango-1",
      status: /CrashLoopBackOff.*restarted 5 times/,
      meaning: /starts and ends again/,
      next: /^kubectl -n mango logs mango-1 --previous$/,
    },
  },
  {
    title: "T1: a pod that the mesh cannot take in, which only an Event tells",
    stack: "learn-03-03",
    disease: (live) => {
      const { labels = {} } = live.get("Pod mango/mango-1").metadata;
      live.put(podOf("mango", "mango-1", labels, waiting("ContainerCreating")));
      live.put(endpoints("mango", "mango-svc", false));
      live.put(event("mango", "mango-1", "older", "2026-01-01T00:00:00Z", "something else"));
      live.put(
        event(
          "mango",
          "mango-1",
          "newer",
          "2026-01-01T00:01:00Z",
          'Failed to create pod sandbox: plugin type="istio-cni" failed (add): no ztunnel connection',
        ),
      );
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Pod mango/mango-1",
      status: /Failed to create pod sandbox: .*no ztunnel connection$/,
      meaning: /mesh could not take the pod in/,
      next: /describe pod/,
      trouble: "T1",
    },
  },
  {
    title: "T11: Vault is sealed, and an Issuer waits for it",
    stack: "learn-05",
    disease: (live) => {
      live.put(
        podOf(
          "vault",
          "vault-0",
          { component: "server", "vault-sealed": "true" },
          {
            phase: "Running",
            conditions: [condition("Ready", "False", "ContainersNotReady", "containers with unready status: [vault]")],
          },
        ),
      );
      live.change("Issuer mango/mango-issuer", {
        status: notReady("VaultError", vaultSays("Error making API request. Code: 503. Errors: * Vault is sealed")),
      });
      unissued(live, "mango", "mango-https-tls");
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Pod vault/vault-0",
      status: /vault-sealed=true/,
      meaning: /Vault is sealed; the unsealer opens it/,
      next: /vault status; kubectl -n vault logs deployment\/vault-unsealer/,
      trouble: "T11",
      holds: ["HTTP mango.example.com:80", "TLS nginx.example.com:443"],
    },
  },
  {
    title: "T6: the token is for another audience than Vault's role demands",
    stack: "learn-05",
    disease: (live) => {
      live.change("Issuer mango/mango-issuer", {
        status: notReady(
          "VaultError",
          vaultSays(
            "Code: 403. Errors: * invalid audience (aud) claim: audience claim does not match any expected audience",
          ),
        ),
      });
      unissued(live, "mango", "mango-https-tls");
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Issuer mango/mango-issuer",
      status: /^Ready=False VaultError: .*invalid audience/,
      meaning: /demands another audience .*vault:\/\/<namespace>\/<issuer>/,
      next: /kubectl -n mango describe issuer mango-issuer/,
      trouble: "T6",
    },
  },
  {
    title: "T7: cert-manager may not mint the issuer's token",
    stack: "learn-05",
    disease: (live) => {
      live.remove("RoleBinding mango/mango-issuer-token");
      live.change("Issuer mango/mango-issuer", {
        status: notReady(
          "VaultError",
          vaultSays(
            'while requesting a token for the service account mango/mango-issuer: serviceaccounts "mango-issuer" is forbidden: User "system:serviceaccount:cert-manager:cert-manager" cannot create resource "serviceaccounts/token" in API group "" in the namespace "mango"',
          ),
        ),
      });
      unissued(live, "mango", "mango-https-tls");
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Issuer mango/mango-issuer",
      status: /serviceaccounts\/token/,
      meaning: /may not mint a token .*Role and RoleBinding are missing/,
      next: /describe issuer/,
      trouble: "T7",
    },
  },
  {
    title: "T10: a role that does not allow the name",
    stack: "learn-02",
    disease: (live) => {
      unissued(live, "papaya", "papaya-tls");
      const refused = notReady(
        "Failed",
        "Vault failed to sign certificate: Code: 400. Errors: * common name papaya.foo.com not allowed by this role",
      );
      live.put(request("papaya", "papaya-tls", notReady("Pending", "older"), 1));
      live.put(request("papaya", "papaya-tls", refused, 2));
    },
    wanted: {
      path: "Ingress papaya/papaya",
      from: "CertificateRequest papaya/papaya-tls-2",
      to: "Issuer papaya/papaya-issuer",
      status: /not allowed by this role$/,
      meaning: /add its domain to allowedDomains/,
      next: /describe certificaterequest papaya-tls-2/,
      trouble: "T10",
    },
  },
  {
    title: "a pod that waits for the Secret of a Certificate leads to the Certificate's own trouble",
    stack: "learn-05",
    disease: (live) => {
      const pod = live.get("Pod nginx/nginx-1");
      live.put({ ...pod, status: waiting("ContainerCreating") });
      live.put(endpoints("nginx", "my-nginx", false));
      live.put(
        event(
          "nginx",
          "nginx-1",
          "mount",
          "2026-01-01T00:00:00Z",
          'MountVolume.SetUp failed for volume "tls" : secret "nginx-tls" not found',
        ),
      );
      live.change("Issuer nginx/nginx-issuer", {
        status: notReady("VaultError", vaultSays("Code: 403. Errors: * permission denied")),
      });
      unissued(live, "nginx", "nginx-tls");
    },
    wanted: {
      path: "TLS nginx.example.com:443",
      from: "Issuer nginx/nginx-issuer",
      status: /permission denied/,
      meaning: /Vault refuses the login or the signature/,
      next: /describe issuer nginx-issuer/,
      trouble: "T6",
      holds: ["HTTPS mango.example.com:443"],
    },
  },
  {
    title: "a certificate that nothing serves",
    stack: "learn-05",
    disease: (live) => {
      live.remove("Issuer default/smoke-issuer");
      unissued(live, "default", "example-cluster-local");
    },
    wanted: {
      path: "Certificate default/example-cluster-local",
      from: "Certificate default/example-cluster-local",
      to: "Issuer default/smoke-issuer",
      status: /Issuer smoke-issuer does not exist/,
      meaning: /an Issuer serves only its own namespace/,
      next: /get issuers/,
      holds: ["HTTPS mango.example.com:443"],
    },
  },
  {
    title: "cert-manager does not run: a Certificate without any status",
    stack: "learn-03-04",
    disease: (live) => {
      unissued(live, "mango", "mango-https-tls");
      live.change("Certificate mango/mango-https-tls", { status: {} });
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Certificate mango/mango-https-tls",
      status: /^it has no status/,
      meaning: /cert-manager does not run/,
      next: /describe certificate mango-https-tls/,
      trouble: "T8",
    },
  },
  {
    title: "a Service whose selector matches no pod",
    stack: "learn-03-03",
    disease: (live) => {
      live.changeSpec("Service mango/mango-svc", { selector: { app: "mangoo" } });
      live.put({ ...endpoints("mango", "mango-svc"), endpoints: [] });
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Service mango/mango-svc",
      to: "Deployment mango/mango",
      status: /^it has no ready endpoints/,
      meaning: /selector app=mangoo matches no pod/,
      next: /app: mango/,
    },
  },
  {
    title: "no such class: the conditions are those that the CRD itself puts there",
    stack: "learn-04",
    disease: (live) => {
      live.changeSpec("Gateway edge/edge", { gatewayClassName: "nginxx" });
      const waits = (type: string) => condition(type, "Unknown", "Pending", "Waiting for controller");
      live.change("Gateway edge/edge", { status: { conditions: [waits("Accepted"), waits("Programmed")] } });
    },
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "Gateway edge/edge",
      to: "GatewayClass nginxx",
      status: /^no controller has looked at it/,
      meaning: /there is no GatewayClass nginxx: there are nginx;/,
      next: /get gatewayclass/,
      trouble: "T4",
    },
  },
  {
    title: "an Ingress without an address",
    stack: "learn-01",
    disease: (live) => live.change("Ingress passion/passion", { status: { loadBalancer: {} } }),
    wanted: {
      path: "Ingress passion/passion",
      from: "Ingress passion/passion",
      to: "IngressClass nginx",
      status: /^status\.loadBalancer is empty/,
      meaning: /no controller serves its class, or the controller's Service has no address/,
      next: /-n ingress-nginx get pods,service/,
      trouble: "T3",
      holds: ["Ingress apple/apple-host"],
    },
  },
  {
    title: "T22: a pod of the platform that is out of file watches",
    stack: "learn-03-07",
    disease: (live) =>
      live.put(
        podOf("istio-system", "ztunnel-1", { app: "ztunnel" }, waiting("CrashLoopBackOff", "too many open files", 4)),
      ),
    wanted: {
      path: "platform: pod istio-system/ztunnel-1",
      from: "Pod istio-system/ztunnel-1",
      status: /too many open files/,
      meaning: /fs\.inotify\.max_user_instances/,
      next: /logs ztunnel-1 --previous/,
      trouble: "T22",
    },
  },
];

function unissued(live: LiveObjects, namespace: string, certificate: string): void {
  const { spec } = live.get(`Certificate ${namespace}/${certificate}`);
  live.change(`Certificate ${namespace}/${certificate}`, {
    status: notReady("DoesNotExist", "Issuing certificate as Secret does not exist"),
  });
  const name: unknown = typeof spec === "object" && spec !== null ? Reflect.get(spec, "secretName") : undefined;
  live.remove(`Secret ${namespace}/${String(name)}`);
}

function event(namespace: string, pod: string, name: string, lastTimestamp: string, message: string) {
  const involvedObject = { kind: "Pod", namespace, name: pod };
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    type: "Warning",
    involvedObject,
    lastTimestamp,
    message,
  };
}

const examined = (live: LiveObjects): Examination =>
  examineSet({ objects: live.all, hidden: [], unserved: [] }, knownOf(live.prototype));

// Objects as clusters show them, made after the controllers' documentation; a live cluster is not to be had here.
describe("doctor", () => {
  for (const stack of ["learn-01", "learn-02", "learn-03-01", "learn-03-07", "learn-04", "learn-05"]) {
    it(`finds nothing wrong with ${stack} when all is well`, async () => {
      const { diagnoses, doubts } = examined(await LiveObjects.of(stack));
      assert.ok(diagnoses.length > 0);
      assert.deepEqual(
        diagnoses.filter(({ broken }) => broken),
        [],
      );
      assert.deepEqual(doubts, []);
    });
  }

  for (const { title, stack, disease, wanted } of cases) {
    it(title, async () => {
      const live = await LiveObjects.of(stack);
      disease(live);
      const { diagnoses } = examined(live);
      const found = diagnoses.filter(({ path }) => path.includes(wanted.path));
      const diagnosis = found.find(({ broken }) => broken && formatRef(broken.from) === wanted.from);
      assert.ok(
        diagnosis?.broken,
        `no path ${wanted.path} breaks at ${wanted.from}:\n${examinationText({ diagnoses, doubts: [] })}`,
      );
      const { to, status, meaning, next, trouble } = diagnosis.broken;
      if (wanted.to !== undefined) assert.equal(to && formatRef(to), wanted.to);
      assert.match(status, wanted.status);
      assert.match(meaning, wanted.meaning);
      assert.match(next, wanted.next);
      assert.equal(trouble, wanted.trouble);
      for (const holds of wanted.holds ?? []) {
        const well = diagnoses.filter(({ path }) => path.includes(holds));
        assert.ok(well.length > 0, `there is no path ${holds}`);
        assert.deepEqual(
          well.filter(({ broken }) => broken),
          [],
        );
      }
    });
  }

  it("tells of wires that hold and are doubtful all the same", async () => {
    const live = await LiveObjects.of("learn-03-07");
    live.change("Namespace /mango", { metadata: { name: "mango", labels: {} } });
    const { diagnoses, doubts } = examined(live);
    assert.deepEqual(
      diagnoses.filter(({ broken }) => broken),
      [],
    );
    assert.deepEqual(
      doubts.map(({ rule }) => rule),
      ["W34"],
    );
    assert.match(
      examinationText({ diagnoses, doubts }),
      /\? Namespace mango\n {4}doubtful: .*outside the ambient mesh/,
    );
  });

  it("prints for each path that it holds, or its first broken wire, what it means and what to do", async () => {
    const live = await LiveObjects.of("learn-05");
    live.change("Issuer mango/mango-issuer", {
      status: notReady("VaultError", vaultSays("Code: 403. Errors: * invalid audience (aud) claim")),
    });
    unissued(live, "mango", "mango-https-tls");
    live.change("TLSRoute nginx/nginx", { status: {} });
    golden("doctor", "learn-05.txt", `${examinationText(examined(live))}\n`);
  });

  it("says so when there is nothing to examine", () => {
    assert.match(examinationText({ diagnoses: [], doubts: [] }), /nothing to examine.*Is this the cluster you mean\?/);
  });
});
