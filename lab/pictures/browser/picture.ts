import type { LitPath } from "../lit-path.ts";
import type { PageData } from "../page/page-data.ts";
import { boxContent } from "./box-detail.ts";
import { make } from "./dom.ts";
import type { Panel } from "./panel.ts";

type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

interface PictureBox {
  readonly id: string;
  readonly element: SVGGElement;
  readonly x: number;
  readonly y: number;
}

/**
 * Makes a drawn picture usable: its boxes are buttons, one of them in the order of tabs; arrow keys go left and right
 * along the wires, up and down within a column.
 */
export class Picture {
  readonly #svg: SVGSVGElement;
  readonly #panel: Panel;
  readonly #details: PageData["boxes"];
  readonly #boxes: readonly PictureBox[];
  readonly #wires: readonly { readonly from: string; readonly to: string }[];

  constructor(svg: SVGSVGElement, panel: Panel, details: PageData["boxes"]) {
    this.#svg = svg;
    this.#panel = panel;
    this.#details = details;
    this.#boxes = [...svg.querySelectorAll<SVGGElement>(".box")].map(boxOf);
    this.#wires = [...svg.querySelectorAll<SVGGElement>(".wire")].map(({ dataset }) => {
      return { from: dataset.from ?? "", to: dataset.to ?? "" };
    });
    svg.setAttribute("aria-describedby", "picture-hint");
    for (const [i, box] of this.#boxes.entries()) this.#prepare(box, i === 0);
  }

  /** Lights a path, and dims the rest; undefined = everything as usual. */
  light(path: LitPath | undefined): void {
    this.#svg.classList.toggle("lighting", path !== undefined && this.#svg.id === "requests");
    const boxes = new Set(path?.boxes);
    const edges = new Set(path?.edges);
    for (const { id, element } of this.#boxes) element.classList.toggle("lit", boxes.has(id));
    for (const wire of this.#svg.querySelectorAll<SVGGElement>("[data-edges]")) {
      const own = (wire.dataset.edges ?? "").split("\n");
      wire.classList.toggle(
        "lit",
        own.some((edge) => edges.has(edge)),
      );
    }
  }

  #prepare({ id, element }: PictureBox, first: boolean): void {
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", element.querySelector("title")?.textContent ?? id);
    element.setAttribute("aria-haspopup", "dialog");
    element.setAttribute("aria-expanded", "false");
    element.setAttribute("tabindex", first ? "0" : "-1");
    element.addEventListener("click", () => {
      this.#moveTo(element);
      this.#open(id, element);
    });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.#open(id, element);
      } else if (isDirection(event.key)) {
        event.preventDefault();
        const next = this.#next(id, event.key);
        if (next !== undefined) this.#moveTo(next.element);
      }
    });
  }

  #open(id: string, element: SVGGElement): void {
    const detail = this.#details[id];
    const label = element.getAttribute("aria-label") ?? "";
    const content = detail === undefined ? [make("p", {}, label)] : boxContent(detail, label);
    this.#panel.open(detail?.heading ?? label, content, element);
  }

  #moveTo(element: SVGGElement): void {
    for (const box of this.#boxes) box.element.setAttribute("tabindex", box.element === element ? "0" : "-1");
    element.focus();
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #next(id: string, direction: Direction): PictureBox | undefined {
    const here = this.#boxes.find((box) => box.id === id);
    if (here === undefined) return undefined;
    if (direction === "ArrowUp" || direction === "ArrowDown") {
      const sign = direction === "ArrowDown" ? 1 : -1;
      const column = this.#boxes.filter((box) => box.x === here.x && (box.y - here.y) * sign > 0);
      return nearest(column, (box) => Math.abs(box.y - here.y));
    }
    const ids = new Set(
      direction === "ArrowRight"
        ? this.#wires.filter(({ from }) => from === id).map(({ to }) => to)
        : this.#wires.filter(({ to }) => to === id).map(({ from }) => from),
    );
    return nearest(
      this.#boxes.filter((box) => ids.has(box.id)),
      (box) => Math.abs(box.y - here.y),
    );
  }
}

function boxOf(element: SVGGElement): PictureBox {
  const body = element.querySelector("rect");
  const at = (name: string) => Number(body?.getAttribute(name) ?? 0);
  return { id: element.dataset.box ?? "", element, x: at("x"), y: at("y") };
}

function isDirection(key: string): key is Direction {
  return key === "ArrowLeft" || key === "ArrowRight" || key === "ArrowUp" || key === "ArrowDown";
}

function nearest(boxes: readonly PictureBox[], distance: (box: PictureBox) => number): PictureBox | undefined {
  return [...boxes].sort((a, b) => distance(a) - distance(b))[0];
}
