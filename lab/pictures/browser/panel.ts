import type { BoxDetail, PageData } from "../page/page-data.ts";
import { element, make } from "./dom.ts";

/** The side panel: what a box stands for. It takes the focus when it opens and gives it back when it closes. */
export class Panel {
  readonly #boxes: PageData["boxes"];
  readonly #panel = element("panel");
  readonly #heading = element("panel-heading");
  readonly #body = element("panel-body");
  #opener: SVGElement | undefined;

  constructor(boxes: PageData["boxes"]) {
    this.#boxes = boxes;
    element("panel-close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#panel.hidden) this.close();
    });
  }

  open(id: string, opener: SVGElement): void {
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#opener = opener;
    opener.setAttribute("aria-expanded", "true");
    const detail = this.#boxes[id];
    const label = opener.getAttribute("aria-label") ?? "";
    this.#heading.textContent = detail?.heading ?? label;
    this.#body.replaceChildren(...(detail === undefined ? [make("p", {}, label)] : content(detail, label)));
    this.#panel.hidden = false;
    this.#panel.scrollTop = 0;
    this.#heading.focus();
  }

  close(): void {
    this.#panel.hidden = true;
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#opener?.focus();
    this.#opener = undefined;
  }
}

function content({ source, objects, findings }: BoxDetail, label: string): Node[] {
  const nodes: Node[] = [];
  for (const { rule, severity, message, fix } of findings) {
    const told = make("p", { class: severity === "error" ? "bad" : "warn" }, make("strong", {}, rule), ` ${message}`);
    nodes.push(told, make("p", { class: "quiet" }, fix));
  }
  if (source !== undefined) {
    nodes.push(make("h3", {}, `${source.file}, line ${source.line}`));
    nodes.push(
      make("p", { class: "from" }, make("code", {}, source.text), make("span", { class: "quiet" }, source.note)),
    );
  }
  for (const { name, yaml } of objects) {
    const title = make("h3", {}, name);
    nodes.push(title, make("pre", { tabindex: "0", role: "region", "aria-label": `YAML of ${name}` }, yaml));
  }
  if (objects.length === 0) nodes.push(make("p", {}, label));
  if (objects.length === 0) nodes.push(make("p", { class: "quiet" }, "No object of the set stands for it."));
  return nodes;
}
