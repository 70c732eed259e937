import { element } from "./dom.ts";

/** The side panel: YAML and what is told about it. It takes the focus when it opens and gives it back when it closes. */
export class Panel {
  readonly #panel = element("panel");
  readonly #heading = element("panel-heading");
  readonly #body = element("panel-body");
  #opener: HTMLElement | SVGElement | undefined;

  constructor() {
    element("panel-close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#panel.hidden) this.close();
    });
  }

  /** @param opener what was chosen; it is given the focus back */
  open(heading: string, content: readonly Node[], opener: HTMLElement | SVGElement): void {
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.#heading.textContent = heading;
    this.#body.replaceChildren(...content);
    this.#panel.hidden = false;
    this.#panel.scrollTop = 0;
    this.#heading.focus();
    // Only where it is out of sight: what stands above it is to be read first.
    this.#body.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  }

  close(): void {
    this.#panel.hidden = true;
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#opener?.focus();
    this.#opener = undefined;
  }
}
