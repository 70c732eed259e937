// The script of a stack's page. It is bundled by ../page/bundle.ts and runs in the browser only.
import { planGateway } from "../../gateway/plan/gateway-plan.ts";
import { buildTopology } from "../../topology/topology.ts";
import type { PageData } from "../page/page-data.ts";
import { firstOfAll } from "../trace-request.ts";
import { element } from "./dom.ts";
import { connectFieldButtons } from "./field-buttons.ts";
import { Panel } from "./panel.ts";
import { Picture } from "./picture.ts";
import { RequestForm } from "./request-form.ts";

const data: PageData = JSON.parse(element("data").textContent ?? "");
const { provided, ...known } = data.known;
const topology = buildTopology(
  data.deciding.map((object) => ({ object })),
  { ...known, provided: new Set(provided) },
);
const panel = new Panel();
connectFieldButtons(data, panel);
const pictures = [...document.querySelectorAll<SVGSVGElement>(".scroll > svg.picture")].map(
  (svg) => new Picture(svg, panel, data.boxes),
);
// A stack without traffic has no form.
if (document.getElementById("request-form") !== null) {
  const form = new RequestForm(planGateway(topology, { random: firstOfAll }), topology, (path) => {
    for (const picture of pictures) picture.light(path);
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-request]")) {
    button.addEventListener("click", () => {
      const request = data.requests[Number(button.dataset.request)];
      if (request !== undefined) form.show(request);
    });
  }
}
