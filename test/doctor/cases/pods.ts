import { endpoints, podOf, waiting } from "../../support/live-objects.ts";
import { type Case, event } from "./case.ts";

export const pods: readonly Case[] = [
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
  {
    title: "a Service of type ExternalName",
    stack: "learn-03-03",
    disease: (live) => {
      live.change("Service mango/mango-svc", {
        spec: { type: "ExternalName", externalName: "mango.example.net", ports: [{ port: 8000 }] },
      });
      live.remove("EndpointSlice mango/mango-svc-1");
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Service mango/mango-svc",
      to: null,
      status: /^type: ExternalName, externalName: mango\.example\.net$/,
      meaning: /gateways should not follow/,
      next: /get service mango-svc/,
    },
  },
  {
    title: "a Service without a selector whose endpoints nobody has made",
    stack: "learn-03-03",
    disease: (live) => {
      live.changeSpec("Service mango/mango-svc", { selector: undefined });
      live.remove("EndpointSlice mango/mango-svc-1");
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Service mango/mango-svc",
      to: null,
      status: /^it has no ready endpoints$/,
      meaning: /it has no selector, and nobody has made an EndpointSlice/,
      next: /get endpointslices -l kubernetes\.io\/service-name=mango-svc$/,
    },
  },
];
