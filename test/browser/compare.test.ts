import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { writeComparePage } from "../../lab/compare/page.ts";
import { pageScript } from "../../lab/pictures/page/bundle.ts";
import { writePageFile } from "../../lab/pictures/write.ts";
import { declared } from "../compare/doors.ts";
import { type Context, inBrowser } from "./in-browser.ts";

describe("the page of a comparison in a browser", function () {
  this.timeout(60_000);
  const browser = inBrowser();

  async function open(context: Context = {}): Promise<Page> {
    const [left, right] = ["learn-01", "learn-05"].map((stack) => ({ stack, story: "", ...declared(stack) }));
    assert.ok(left && right);
    const directory = join(browser.directory(), `compare-${Math.random()}`);
    const file = await writePageFile(directory, writeComparePage(left, right, await pageScript("fields")));
    return browser.open(file, context);
  }

  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");
  const secretName = "Ingress mango/mango spec.tls[].secretName, in learn-01";
  const references = "Gateway mango/mango-gateway spec.listeners[https].tls.certificateRefs, in learn-05";

  it("shows either side's field in its YAML, by a click", async () => {
    const page = await open();
    await page.getByRole("button", { name: secretName }).click();
    assert.equal(await page.textContent("#panel h2"), secretName);
    assert.match((await page.textContent("#panel pre")) ?? "", /kind: Ingress\nmetadata:\n {2}name: mango/);
    assert.equal((await page.textContent("#panel mark"))?.trim(), "secretName: mango-tls");
    assert.match((await page.textContent("#panel")) ?? "", /spec\.tls\[0\]\.secretName: line \d+/);
    // The panel lies over the right side; what it covers is reached when it is closed.
    await page.click("#panel-close");
    await page.getByRole("button", { name: references }).click();
    assert.match((await page.textContent("#panel mark")) ?? "", /certificateRefs:\n.*\n.*name: mango-https-tls/);
    assert.equal(await page.locator('[aria-expanded="true"]').count(), 1);
  });

  it("shows the whole YAML: highlighting hides no line and adds none", async () => {
    const page = await open();
    // A field amid the others: what follows it must begin on a line of its own.
    await page.getByRole("button", { name: "Ingress mango/mango spec.ingressClassName, in learn-01" }).click();
    const { lines, height, line } = await page.$eval("#panel pre", (pre) => {
      const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(pre);
      const inner = pre.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
      return {
        lines: (pre.textContent ?? "").trimEnd().split("\n").length,
        height: inner,
        line: Number.parseFloat(lineHeight),
      };
    });
    assert.ok(Math.abs(height - lines * line) < line / 2, `${lines} lines of ${line} pixels in ${height} pixels`);
    assert.ok(await page.$eval("#panel pre", (pre) => pre.scrollWidth <= pre.clientWidth));
  });

  it("works by keyboard: past the head, to a field, its YAML by Enter, back by Escape", async () => {
    const page = await open();
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Skip to the applications");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "mango");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Ingress mango/mango spec.ingressClassName");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "Ingress mango/mango spec.ingressClassName, in learn-01");
    assert.equal((await page.textContent("#panel mark"))?.trim(), "ingressClassName: nginx");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Close");
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#panel").isHidden());
    assert.equal(await focused(page), "Ingress mango/mango spec.ingressClassName");
  });

  it("has a heading for each row and column, and says what moved beside the colour", async () => {
    const page = await open();
    assert.deepEqual(await page.getByRole("columnheader").allTextContents(), [
      "What is so",
      "learn-01",
      "learn-05",
      "What moved",
    ]);
    const rows = await page.getByRole("rowheader").allTextContents();
    assert.ok(rows.includes("certificate ≠ changed"), rows.join("; "));
  });

  it("follows the theme of the system", async () => {
    const colours = async (colorScheme: "light" | "dark") => {
      const page = await open({ colorScheme });
      await page.getByRole("button", { name: secretName }).click();
      const of = (selector: string) => page.$eval(selector, (element) => getComputedStyle(element).backgroundColor);
      return [await of("body"), await of("#panel mark")];
    };
    assert.deepEqual(await colours("light"), ["rgb(255, 255, 255)", "rgb(255, 240, 194)"]);
    assert.deepEqual(await colours("dark"), ["rgb(18, 22, 28)", "rgb(74, 60, 16)"]);
  });

  it("fits 320 pixels without scrolling sideways (WCAG 1.4.10), and names the stack of each side there", async () => {
    const page = await open({ viewport: { width: 320, height: 800 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    const label = await page.$eval("td[data-label]", (cell) => getComputedStyle(cell, "::before").content);
    assert.match(label, /learn-01/);
  });
});
