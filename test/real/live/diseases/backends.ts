import { fieldsAt, fieldsList } from "../../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../../lab/manifests/object.ts";
import { type Disease, endpoints, reason, says } from "../disease.ts";
import { httpRoute, service, withSpec } from "../objects.ts";

const apple = httpRoute("apple", "apple");
const appleService = service("apple", "apple-svc");

/** From a route to a Service, and from there to pods. */
export const backendDiseases: readonly Disease[] = [
  {
    title: "a backend that is not there",
    make: (changes) => changes.change(apple, backend({ name: "aple-svc", port: 8000 })),
    until: reason(apple, "BackendNotFound"),
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "HTTPRoute apple/apple",
      to: "Service apple/aple-svc",
      status: /^ResolvedRefs=False BackendNotFound: backend\(aple-svc\.apple\.svc\.cluster\.local\) not found$/,
      meaning: /there is no Service apple\/aple-svc \(BackendNotFound\): requests are answered 500/,
      next: /set name: apple-svc/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
  {
    title: "a port that the Service has not, which istiod does not mind",
    make: (changes) => changes.change(apple, backend({ name: "apple-svc", port: 5678 })),
    until: says(apple, /"observedGeneration":[2-9]/),
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "HTTPRoute apple/apple",
      to: "Service apple/apple-svc",
      status: /^Accepted=True, ResolvedRefs=True/,
      meaning: /has no port 5678: it has 8000 .*5678 is the targetPort/,
      next: /set port: 8000/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
  {
    title: "a backend of another namespace without a ReferenceGrant",
    make: (changes) => changes.change(apple, backend({ name: "mango-svc", namespace: "mango", port: 8000 })),
    until: reason(apple, "RefNotPermitted"),
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "HTTPRoute apple/apple",
      to: "Service mango/mango-svc",
      status:
        /^ResolvedRefs=False RefNotPermitted: backendRef mango-svc\/mango not accessible .*missing a ReferenceGrant/,
      meaning: /no ReferenceGrant in namespace mango lets it/,
      next: /add a ReferenceGrant in namespace mango/,
      trouble: "T26",
      holds: ["HTTPRoute mango/mango"],
    },
  },
  {
    title: "a selector that matches no pod",
    make: (changes) => changes.change(appleService, withSpec({ selector: { app: "aple" } })),
    until: endpoints("apple", "apple-svc", 0),
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "Service apple/apple-svc",
      to: "Deployment apple/apple",
      status: /^it has no ready endpoints$/,
      meaning: /selector app=aple matches no pod template .*503/,
      next: /app: apple/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
  {
    title: "a targetPort on which nobody listens",
    make: (changes) =>
      changes.change(appleService, (object) => {
        for (const port of fieldsList(fieldsAt(object, "spec").ports)) port.targetPort = 5679;
      }),
    until: endpoints("apple", "apple-svc", 1),
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "Service apple/apple-svc",
      to: "Deployment apple/apple",
      status: /^it has endpoints$/,
      meaning: /targetPort 5679 .*is no container port/,
      next: /set targetPort: 5678/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
  {
    title: "a Service of type ExternalName",
    make: async (changes, lab) => {
      const { body } = await lab.client.get(...appleService);
      await changes.remove(appleService);
      await changes.add({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "apple-svc", namespace: "apple" },
        spec: { type: "ExternalName", externalName: "apple.example.net", ports: body.spec.ports },
      });
    },
    until: endpoints("apple", "apple-svc", 0),
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "Service apple/apple-svc",
      to: null,
      status: /^type: ExternalName, externalName: apple\.example\.net$/,
      meaning: /gateways should not follow/,
      next: /get service apple-svc/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
];

function backend(ref: object) {
  return (object: KubeObject) => {
    for (const rule of fieldsList(fieldsAt(object, "spec").rules)) rule.backendRefs = [ref];
  };
}
