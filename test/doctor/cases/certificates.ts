import { condition, endpoints, notReady, podOf, request, waiting } from "../../support/live-objects.ts";
import { type Case, event, unissued, vaultSays } from "./case.ts";

export const certificates: readonly Case[] = [
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
    title: "T7: the issuer's account is not there",
    stack: "learn-05",
    disease: (live) => {
      unissued(live, "mango", "mango-https-tls");
      const said =
        'Failed to initialise vault client for signing: while requesting a Vault token using the Kubernetes auth: while requesting a token for the service account mango/mango-issuer: serviceaccounts "mango-issuer" not found';
      live.put(request("mango", "mango-https-tls", notReady("Pending", said), 2));
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "CertificateRequest mango/mango-https-tls-2",
      to: "Issuer mango/mango-issuer",
      status: /serviceaccounts "mango-issuer" not found$/,
      meaning: /logs in as a ServiceAccount that is not there/,
      next: /describe certificaterequest mango-https-tls-2/,
      trouble: "T7",
    },
  },
  {
    title: "T6: Vault knows no such role for the login; its error of several lines is told on one",
    stack: "learn-05",
    disease: (live) => {
      const said = `Error making API request.\n\nURL: POST https://vault-active.vault.svc:8200/v1/auth/kubernetes/login\nCode: 400. Errors:\n\n* invalid role name "other"`;
      live.change("Issuer mango/mango-issuer", { status: notReady("VaultError", vaultSays(said)) });
      unissued(live, "mango", "mango-https-tls");
    },
    wanted: {
      path: "HTTPS mango.example.com:443",
      from: "Issuer mango/mango-issuer",
      status: /login Code: 400\. Errors: \* invalid role name "other"$/,
      meaning: /Vault knows no role of that name/,
      next: /describe issuer mango-issuer/,
      trouble: "T6",
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
];
