import type { Exercise } from "../exercise.ts";

/** learn-03 and learn-05: addresses, listeners, attachment, and the mesh behind the gateway. */
export const listeners: readonly Exercise[] = [
  {
    name: "address-pool",
    prototype: "learn-03-03",
    concept: "somebody must give a LoadBalancer its address",
    break: [{ remove: ["learn:platform", "metallb"] }],
    solution: [{ set: ["learn:platform", "metallb"], to: {} }],
    tells: "Everything is wired, and yet the Gateway gets no address: nobody outside of the cluster can reach it.",
    symptoms: [{ noAddress: "mango/mango-gateway" }],
    onCluster:
      "Gateway mango-gateway says Programmed=False, AddressNotAssigned; its Service waits at EXTERNAL-IP <pending>.",
    hints: [
      "The Service in front of the gateway is of type LoadBalancer. Who hands out addresses in this cluster?",
      "A cloud brings its own load balancer; minikube brings none.",
      "Compare learn:platform with that of learn-03-04.",
    ],
    teaches:
      "type: LoadBalancer is a request, not a thing: without a cloud or MetalLB nobody answers it, Programmed stays false, and tools that wait for it time out.",
  },
  {
    name: "missing-secret",
    prototype: "learn-03-03",
    concept: "a terminating listener needs the Secret that it names",
    break: [
      {
        set: ["learn:apps", "mango", "gateway", "listeners", "https", "tls"],
        to: { mode: "Terminate", secret: "mango-certificate" },
      },
    ],
    solution: [
      {
        set: ["learn:apps", "mango", "gateway", "listeners", "https", "tls"],
        to: { mode: "Terminate", issuer: "example-ca" },
      },
    ],
    tells: "http://mango.example.com/mango answers; https is cut off during the handshake.",
    symptoms: [
      { rule: "W12", severity: "error" },
      { answer: "GET https://mango.example.com/mango", got: "0:" },
    ],
    onCluster:
      "the Gateway may still say Programmed=True; only its listener https says ResolvedRefs=False, InvalidCertificateRef.",
    hints: [
      "One listener works and the other does not: look at the conditions of each listener, not of the Gateway.",
      "kubectl -n mango get secrets: which one does the listener want?",
      "No Secret mango-certificate exists and nobody makes it. Have the certificate made by issuer: example-ca instead.",
    ],
    teaches:
      "certificateRefs are resolved per listener, and a Gateway may be Programmed with a dead listener in it. Status is to be read at the smallest part.",
  },
  {
    name: "port-name",
    prototype: "learn-03-07",
    concept: "the mesh believes what a Service's port is called",
    break: [{ set: ["learn:apps", "mango", "service"], to: { portName: "https" } }],
    solution: [{ remove: ["learn:apps", "mango", "service"] }],
    tells:
      "The wiring check warns about Service mango-svc. The gateway answers all the same, and that is the trouble: nothing shows it yet.",
    symptoms: [{ rule: "W35", severity: "warning" }],
    onCluster:
      "Istio's gateway answers, too; npm run doctor doubts the Service. A waypoint or a sidecar would take the port for TLS because of its name, and read no HTTP there.",
    hints: [
      "Compare the name of the Service's port with what the container speaks.",
      "Istio reads the protocol from the port's name or from appProtocol.",
      "http-echo speaks plain HTTP: the port must not be called https.",
    ],
    teaches:
      "In an Istio mesh the name of a Service's port selects the protocol (http-…, https-…, tcp-…). A wrong name is no error anywhere, it is only wrong.",
  },
  {
    name: "mesh-label",
    prototype: "learn-03-07",
    concept: "ambient mTLS begins with one label of the namespace",
    break: [
      {
        add: ["learn:patches"],
        entry: {
          kind: "Namespace",
          name: "mango",
          merge: { metadata: { labels: { "istio.io/dataplane-mode": null } } },
        },
      },
    ],
    solution: [{ remove: ["learn:patches"] }],
    tells: "Every answer is as promised, and that is the trouble: behind the gateway mango's bytes travel in clear.",
    symptoms: [{ rule: "W34", severity: "warning" }],
    onCluster:
      "npm run verify says that Namespace mango has no label, and that ztunnel speaks TCP instead of HBONE to its pods.",
    hints: [
      "Answers cannot show it. What does the wiring check say about Namespace mango?",
      "kubectl get namespaces -L istio.io/dataplane-mode",
      "learn:patches takes the label away again that mesh: ambient has put there.",
    ],
    teaches:
      "A namespace is in the ambient mesh by istio.io/dataplane-mode: ambient, and falls out of it without any error. What cannot be seen from outside needs a check of its own.",
  },
  {
    name: "section-name",
    prototype: "learn-05",
    concept: "a parentRef that leads nowhere gets no status",
    break: [
      {
        add: ["learn:patches"],
        entry: {
          kind: "HTTPRoute",
          namespace: "mango",
          name: "mango",
          merge: { spec: { parentRefs: [{ name: "mango-gateway", sectionName: "htps" }] } },
        },
      },
    ],
    solution: [{ remove: ["learn:patches"] }],
    tells: "mango's Gateway answers 404 on both ports.",
    symptoms: [
      { rule: "W18", severity: "error" },
      { answer: "GET https://mango.example.com/mango", got: "404" },
      { answer: "GET http://mango.example.com/mango", got: "404" },
    ],
    onCluster: "HTTPRoute mango says NoMatchingParent; had the Gateway's name been wrong, it would say nothing at all.",
    hints: [
      "The listeners have certificates and answer, but with 404: no route is attached.",
      "kubectl -n mango get httproute mango -o yaml: which listener does parentRefs name?",
      "sectionName is the listener's name: http or https.",
    ],
    teaches:
      "sectionName picks a listener by its name. A name that no listener has detaches the route; a Gateway that does not exist gives not even a status, because no controller feels addressed.",
  },
];
