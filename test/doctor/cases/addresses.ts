import { condition, gatewayStatus, podOf, waiting } from "../../support/live-objects.ts";
import { type Case, event } from "./case.ts";

export const addresses: readonly Case[] = [
  {
    title: "T2: nobody gives addresses",
    stack: "learn-03-07",
    disease: (live) => {
      live.removeKinds("IPAddressPool", "L2Advertisement");
      const gateway = live.get("Gateway mango/mango-gateway");
      const conditions = [
        condition("Accepted", "True", "Accepted", "Resource accepted"),
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
      trouble: "T2",
      holds: ["Gateway nginx/nginx-gateway"],
    },
  },
  {
    title: "T2: there is a pool, and it is used up",
    stack: "learn-03-07",
    disease: (live) => {
      const gateway = live.get("Gateway mango/mango-gateway");
      const conditions = [condition("Programmed", "False", "AddressNotAssigned", "address pending")];
      const labels = { "gateway.networking.k8s.io/gateway-name": "mango-gateway" };
      const service = { apiVersion: "v1", kind: "Service", spec: { ports: [] } };
      live.put({ ...service, metadata: { name: "mango-gateway-istio", namespace: "mango", labels } });
      const said = 'Failed to allocate IP for "mango/mango-gateway-istio": no available IPs';
      live.put(event("mango", "mango-gateway-istio", "full", "2026-01-01T00:00:00Z", said, "Service"));
      live.change("Gateway mango/mango-gateway", { status: { ...gatewayStatus(gateway), conditions } });
    },
    wanted: {
      path: "mango.example.com:443",
      from: "Gateway mango/mango-gateway",
      status: /^Programmed=False AddressNotAssigned: .*; Failed to allocate IP for .*: no available IPs$/,
      meaning: /there is a pool, but .*used up/,
      next: /get ipaddresspools/,
      trouble: "T2",
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
      trouble: "T15",
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
    title: "a class whose controller does not run",
    stack: "learn-03-03",
    disease: (live) => {
      const waits = (type: string) => condition(type, "Unknown", "Pending", "Waiting for controller");
      live.change("Gateway mango/mango-gateway", { status: { conditions: [waits("Accepted"), waits("Programmed")] } });
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Gateway mango/mango-gateway",
      to: "GatewayClass istio",
      status: /^no controller has looked at it$/,
      meaning: /the controller of GatewayClass istio \(istio\.io\/gateway-controller\) does not run/,
      next: /describe gatewayclass istio/,
      trouble: "T15",
    },
  },
  {
    title: "a Gateway that was changed into a class which is not there: its old status says that all is well",
    stack: "learn-03-03",
    disease: (live) => {
      const { metadata } = live.get("Gateway mango/mango-gateway");
      live.changeSpec("Gateway mango/mango-gateway", { gatewayClassName: "nginx" });
      live.change("Gateway mango/mango-gateway", { metadata: { ...metadata, generation: 2 } });
    },
    wanted: {
      path: "HTTPRoute mango/mango",
      from: "Gateway mango/mango-gateway",
      to: "GatewayClass nginx",
      status: /^its status is of generation 1, and the object is of generation 2$/,
      meaning: /there is no GatewayClass nginx: there are istio, istio-remote, istio-waypoint/,
      next: /get gatewayclass/,
      trouble: "T15",
    },
  },
  {
    title: "a Gateway whose own pod does not run, while it says Programmed",
    stack: "learn-03-03",
    disease: (live) => {
      const labels = { "gateway.networking.k8s.io/gateway-name": "mango-gateway" };
      live.put(podOf("mango", "mango-gateway-istio-1", labels, waiting("CrashLoopBackOff", "back-off", 5)));
    },
    wanted: {
      path: "HTTP mango.example.com:80",
      from: "Pod mango/mango-gateway-istio-1",
      to: "Gateway mango/mango-gateway",
      status: /^CrashLoopBackOff/,
      meaning: /starts and ends again/,
      next: /logs mango-gateway-istio-1 --previous/,
    },
  },
];
