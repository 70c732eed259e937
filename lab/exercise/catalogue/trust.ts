import type { Exercise } from "../exercise.ts";

/** learn-03 to learn-06: who signs, who may ask, and what lies encrypted. */
export const trust: readonly Exercise[] = [
  {
    name: "wrong-name",
    prototype: "learn-03-04",
    concept: "a certificate is good only for the names in it",
    break: [
      {
        add: ["learn:patches"],
        entry: {
          kind: "Certificate",
          namespace: "mango",
          name: "mango-https-tls",
          merge: { spec: { dnsNames: ["mango.example.org"] } },
        },
      },
    ],
    solution: [{ remove: ["learn:patches"] }],
    tells: "https://mango.example.com/mango shows a certificate of the right authority, and clients refuse it.",
    symptoms: [
      { rule: "W14", severity: "warning" },
      { answer: "GET https://mango.example.com/mango", got: "0:" },
    ],
    hints: [
      "The chain is right. What else does a client compare?",
      "openssl s_client -connect <address>:443 -servername mango.example.com </dev/null | openssl x509 -noout -ext subjectAltName",
      "dnsNames of the Certificate must cover the listener's hostname.",
    ],
    teaches:
      "No controller compares a listener's hostname with the names in its certificate; the browser is the first to do it.",
  },
  {
    name: "audience",
    prototype: "learn-05",
    concept: "the audience of cert-manager's token is vault://<namespace>/<issuer>",
    break: [{ set: ["learn:issuers", "mango-issuer", "vault", "audience"], to: "vault://mango-issuer" }],
    solution: [{ remove: ["learn:issuers", "mango-issuer", "vault", "audience"] }],
    tells: "mango's certificate is never issued: Vault answers cert-manager's login with 403.",
    symptoms: [
      { rule: "W36", severity: "error" },
      { certificate: "mango/mango-https-tls", says: "audience" },
      { answer: "GET https://mango.example.com/mango", got: "0:" },
    ],
    hints: [
      "kubectl -n mango describe issuer mango-issuer: what does Vault say?",
      "A token is made for an audience. Which one does cert-manager ask for, which one does Vault's role demand?",
      "For an Issuer it is vault://<namespace>/<issuer>; vault://<name> alone is a ClusterIssuer's. Leave audience out: the program derives it.",
    ],
    teaches:
      "Kubernetes auth in Vault checks who the token is for, not only whose it is. cert-manager derives the audience from the issuer's kind, namespace and name, and the role must say the same.",
  },
  {
    name: "token-role",
    prototype: "learn-05",
    concept: "cert-manager must be allowed to mint the issuer's token",
    break: [
      {
        add: ["learn:patches"],
        entry: {
          kind: "RoleBinding",
          namespace: "nginx",
          name: "nginx-issuer-token",
          merge: { subjects: [{ kind: "ServiceAccount", name: "cert-manager", namespace: "default" }] },
        },
      },
    ],
    solution: [{ remove: ["learn:patches"] }],
    tells: "The check says that cert-manager may not create tokens for nginx-issuer; mango's issuer works.",
    symptoms: [{ rule: "W36", severity: "error" }],
    onCluster: 'Issuer nginx-issuer is not ready: serviceaccounts "nginx-issuer" is forbidden.',
    hints: [
      "Before Vault is even asked, cert-manager asks the API server for a token. Who allows it to?",
      "kubectl -n nginx get role,rolebinding -o yaml: to whom is the Role bound?",
      "cert-manager's ServiceAccount stands in namespace cert-manager.",
    ],
    teaches:
      "serviceaccounts/token is a right of its own, given per ServiceAccount by a Role, and bound to cert-manager's account with its namespace.",
  },
  {
    name: "leaf-lifetime",
    prototype: "learn-05",
    concept: "a leaf lives no longer than its role allows",
    break: [
      {
        add: ["learn:patches"],
        entry: {
          kind: "Certificate",
          namespace: "mango",
          name: "mango-https-tls",
          merge: { spec: { duration: "8760h" } },
        },
      },
    ],
    solution: [{ remove: ["learn:patches"] }],
    tells: "A year is asked for, and a certificate of 90 days comes back: nobody refuses, and the check warns.",
    symptoms: [{ rule: "W39", severity: "warning" }],
    onCluster: "cert-manager computes the renewal from what it got; who counts on the year is surprised.",
    hints: [
      "Compare duration of the Certificate with what Vault's role grants (maxTtl, 2160h by default).",
      "openssl x509 -noout -dates on the leaf in out/exercise-leaf-lifetime/pki",
      "Take the longer duration away again, or give the issuer a longer maxTtl.",
    ],
    teaches:
      "Vault cuts a wish down to max_ttl of the role, and to the life of the authority itself, with no more than a warning in its answer.",
  },
  {
    name: "etcd-resources",
    prototype: "learn-06",
    concept: "encryption at rest covers the resources it names",
    break: [{ set: ["learn:encryption", "resources"], to: ["configmaps"] }],
    solution: [{ set: ["learn:encryption", "resources"], to: ["secrets"] }],
    tells: "The API server encrypts, and yet a-secret lies readable in etcd.",
    symptoms: [{ answer: "etcd /registry/secrets/default/a-secret", got: "k8s\\x00" }],
    hints: [
      "Reading through the API cannot show it: it is clear there either way. Look at the value in etcd.",
      "What is encrypted at all, by the EncryptionConfiguration?",
      "resources lists what is encrypted; everything else falls through to identity.",
    ],
    teaches:
      "An EncryptionConfiguration works per resource; what no entry names is stored as it is. Only a look into etcd proves encryption, and only objects written afterwards are encrypted.",
  },
];
