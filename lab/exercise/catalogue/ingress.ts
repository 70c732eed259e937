import type { Exercise } from "../exercise.ts";

/** learn-01 and learn-02: Ingress. */
export const ingress: readonly Exercise[] = [
  {
    name: "passthrough-clear-text",
    prototype: "learn-01",
    concept: "TLS passthrough needs a pod that speaks TLS",
    break: [{ set: ["learn:apps", "mango", "ingress", "tls"], to: { mode: "Passthrough" } }],
    solution: [{ set: ["learn:apps", "mango", "ingress", "tls"], to: { mode: "Terminate", issuer: "mango-ca" } }],
    tells: "The stack does not even begin: the file is refused with one message about mango.",
    symptoms: [
      { refused: "learn:apps.mango.ingress.tls.mode: Passthrough hands the client's TLS to the pod untouched" },
    ],
    hints: [
      "With Passthrough nobody but the pod opens the TLS. What does mango's container speak?",
      "pear passes TLS through, too. What has pear's pod that mango's has not?",
      "http-echo speaks plain HTTP, so somebody before it has to end the TLS: mode Terminate, with an issuer for the certificate.",
    ],
    teaches:
      "Passthrough moves the end of TLS into the pod. The prototype's first author annotated this very Ingress ssl-passthrough by mistake; the controller then hands encrypted bytes to a program that waits for GET.",
  },
  {
    name: "ingress-secret",
    prototype: "learn-01",
    concept: "an Ingress reads TLS Secrets of its own namespace only",
    break: [
      {
        add: ["learn:patches"],
        entry: {
          kind: "Ingress",
          namespace: "papaya",
          name: "papaya",
          merge: { spec: { tls: [{ hosts: ["papaya.foo.com"], secretName: "mango-tls" }] } },
        },
      },
    ],
    solution: [{ remove: ["learn:patches"] }],
    tells: "https://papaya.foo.com/papaya is not answered over a certificate that can be trusted; mango is.",
    symptoms: [
      { rule: "I3", severity: "error" },
      { answer: "GET https://papaya.foo.com/papaya", got: "0:" },
    ],
    onCluster: "ingress-nginx serves its own fake certificate, and a client that verifies refuses it.",
    hints: [
      "Follow the TLS of papaya's Ingress to its Secret. Is there such a Secret, and where?",
      "kubectl -n papaya get secrets, certificates: what is papaya's own certificate called?",
      "learn:patches changes the Ingress just before it is applied: it names mango's Secret, which stands in namespace mango.",
    ],
    teaches:
      "tls.secretName has no namespace: the Secret is looked for beside the Ingress. Sharing one takes a copy, where a Gateway may refer to another namespace with a ReferenceGrant.",
  },
  {
    name: "ingress-redirect",
    prototype: "learn-01",
    concept: "ingress-nginx redirects to HTTPS by annotation",
    break: [
      {
        set: ["learn:apps", "mango", "ingress", "annotations"],
        to: { "nginx.ingress.kubernetes.io/ssl-redirect": "false" },
      },
    ],
    solution: [{ remove: ["learn:apps", "mango", "ingress", "annotations"] }],
    tells: "http://mango.foo.com/mango answers in clear text instead of sending clients to https.",
    symptoms: [{ answer: "GET http://mango.foo.com/mango", got: "status: 200" }],
    hints: [
      "An Ingress with tls redirects by itself. What could keep it from doing so?",
      "What is not in the Ingress' fields is in its annotations.",
      'nginx.ingress.kubernetes.io/ssl-redirect: "false" on mango\'s Ingress turns the redirect off.',
    ],
    teaches:
      "On Ingress, behaviour lives in annotations that only one controller understands; a Gateway says it with a route of its own on the HTTP listener, with a RequestRedirect filter.",
  },
  {
    name: "role-domain",
    prototype: "learn-02",
    concept: "a role of Vault's PKI engine signs only for its domains",
    break: [
      {
        set: ["learn:vault", "pki", "pki_int_foo", "roles", "foo-dot-com", "allowedDomains"],
        to: ["foo.org"],
      },
    ],
    solution: [
      {
        set: ["learn:vault", "pki", "pki_int_foo", "roles", "foo-dot-com", "allowedDomains"],
        to: ["foo.com"],
      },
    ],
    tells: "Vault refuses to sign papaya's certificate; without it https://papaya.foo.com/papaya has none to show.",
    symptoms: [
      { rule: "W36", severity: "error" },
      { certificate: "papaya/papaya-tls", says: "not allowed by this role" },
      { answer: "GET https://papaya.foo.com/papaya", got: "0:" },
    ],
    hints: [
      "The Issuer is ready, the login works; it is the signature that is refused. Who decides what may be signed?",
      "kubectl -n papaya describe certificaterequest shows Vault's own words.",
      "Compare the host of papaya's Ingress with allowedDomains of the role foo-dot-com.",
    ],
    teaches:
      "Three things must agree: the names in the Certificate, the domains of the role, and the role in the Issuer's path. The role is where an administrator limits what a team can get signed.",
  },
];
