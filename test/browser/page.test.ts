import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { factsBehindDoors } from "../../lab/compare/facts.ts";
import type { PictureInput } from "../../lab/pictures/model.ts";
import { writePictures } from "../../lab/pictures/write.ts";
import { type FixtureName, fixture, fixtureTopology } from "../pictures/fixtures/fixture.ts";
import { stackText } from "../support/stack-files.ts";
import { type Context, inBrowser } from "./in-browser.ts";

const EVIL = `<img src=x onerror="document.title='owned'"></script>`;

describe("the page in a browser", function () {
  this.timeout(60_000);
  const browser = inBrowser();

  /** Opens the page of a fixture. */
  async function open(
    name: FixtureName,
    { input = {}, ...context }: { input?: Partial<PictureInput> } & Context = {},
  ): Promise<Page> {
    const outDir = join(browser.directory(), `${name}-${Math.random()}`);
    const [file = ""] = await writePictures({ ...(await fixture(name)), ...input, outDir });
    return browser.open(file, context);
  }

  const activeBox = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-box") ?? "");
  const litBoxes = (page: Page) =>
    page.$$eval("#requests .box.lit", (boxes) => boxes.map((box) => box.getAttribute("data-box") ?? ""));

  it("lights the path of a typed request and tells its way", async () => {
    const page = await open("fruit");
    await page.fill("#url", "https://mango.example.com/mango");
    await page.keyboard.press("Enter");
    assert.match(
      (await page.textContent("#result")) ?? "",
      /^Forwarded to mango\/mango-svc.*listener https.*rule 1: PathPrefix \/mango/,
    );
    assert.deepEqual((await litBoxes(page)).sort(), [
      "address/mango/mango-gateway:443",
      "client",
      "listener/Gateway/mango/mango-gateway/https",
      "pod/Deployment/mango/mango:5678",
      "route/HTTPRoute/mango/mango",
      "service/mango/mango-svc:8000",
    ]);
    assert.equal(await page.locator("#requests .wire.lit").count(), 5);
    await page.click("text=Clear");
    assert.deepEqual(await litBoxes(page), []);
    assert.equal(await page.textContent("#result"), "");
  });

  it("tells why nothing matched, and what is no URL", async () => {
    const page = await open("fruit");
    await page.fill("#url", "https://mango.example.com/pear");
    await page.click("text=Light its path");
    assert.match((await page.textContent("#result")) ?? "", /^Answered 404 .*no rule matches GET \/pear/);
    await page.fill("#url", "ftp://mango");
    await page.click("text=Light its path");
    assert.match((await page.textContent("#result")) ?? "", /not an http or https URL/);
    await page.fill("#url", "http://localhost/mango");
    await page.click("summary");
    await page.fill("#headers", "Host: mango.example.com");
    await page.click("text=Light its path");
    assert.match((await page.textContent("#result")) ?? "", /^Forwarded/);
  });

  it("decides as the gateway does, for an Ingress controller, too", async () => {
    const page = await open("ingress");
    await page.fill("#url", "http://mango.foo.com/");
    await page.keyboard.press("Enter");
    assert.match((await page.textContent("#result")) ?? "", /^Answered 308: redirect to https:\/\/mango\.foo\.com/);
    await page.fill("#url", "https://pear.foo.com/");
    await page.keyboard.press("Enter");
    assert.match((await page.textContent("#result")) ?? "", /^Passed through/);
  });

  it("works by keyboard: boxes by arrows, YAML by Enter, back by Escape", async () => {
    const stackFile = { name: "stacks/Pulumi.learn-05.yaml", text: stackText("learn-05") };
    const page = await open("fruit", { input: { stack: "learn-05", stackFile } });
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the picture");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await activeBox(page), "client");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    assert.equal(await activeBox(page), "route/HTTPRoute/mango/mango");
    await page.keyboard.press("Enter");
    const panel = page.locator("#panel");
    assert.ok(await panel.isVisible());
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "HTTPRoute mango/mango");
    assert.match(
      (await panel.textContent()) ?? "",
      /stacks\/Pulumi\.learn-05\.yaml, line 43routes: \[\{ path: \/mango \}\]/,
    );
    assert.match((await panel.textContent()) ?? "", /kind: HTTPRoute\nmetadata:\n {2}name: mango/);
    await page.keyboard.press("Escape");
    assert.ok(await panel.isHidden());
    assert.equal(await activeBox(page), "route/HTTPRoute/mango/mango");
    await page.keyboard.press("ArrowDown");
    assert.equal(await activeBox(page), "route/TLSRoute/nginx/nginx");
  });

  it("has a name for everything that can be operated", async () => {
    const page = await open("fruit");
    assert.equal(await page.getByRole("button", { name: /^HTTPRoute mango\/mango; PathPrefix \/mango/ }).count(), 1);
    assert.equal(await page.getByRole("textbox", { name: "URL" }).count(), 1);
    assert.equal(await page.getByRole("combobox", { name: "Method" }).count(), 1);
    const nameless = await page.$$eval(
      "[role=button], button, input, select, textarea",
      (elements) =>
        elements.filter((element) => {
          const labels = "labels" in element ? (element as HTMLInputElement).labels : null;
          return !element.getAttribute("aria-label") && !element.textContent?.trim() && !labels?.length;
        }).length,
    );
    assert.equal(nameless, 0);
  });

  it("shows a finding where it belongs", async () => {
    const page = await open("broken");
    await page.click('[data-box="route/HTTPRoute/other/lost"]');
    assert.match((await page.textContent("#panel")) ?? "", /W15 .*refuses routes of namespace other/);
  });

  it("lets nothing of a manifest run", async () => {
    const { findings, ...rest } = await fixture("broken");
    const input = {
      ...rest,
      story: EVIL,
      findings: findings.map((finding) => ({ ...finding, message: EVIL })),
      answers: [{ asked: EVIL, expected: EVIL, got: EVIL, ok: false, request: { method: "GET", url: EVIL } }],
    };
    const page = await open("broken", { input });
    await page.click('[data-box="route/HTTPRoute/other/lost"]');
    await page.click("#panel-close");
    await page.click("button[data-request]");
    assert.match((await page.textContent("#result")) ?? "", /not a URL: <img/);
    assert.match(await page.title(), /^broken/);
    assert.equal(await page.locator("img").count(), 0);
  });

  it("follows the theme of the system", async () => {
    const ground = async (colorScheme: "light" | "dark") => {
      const page = await open("fruit", { colorScheme });
      const of = (selector: string, property: string) =>
        page.$eval(selector, (element, name) => getComputedStyle(element).getPropertyValue(name), property);
      return [await of("body", "background-color"), await of("#requests .body", "fill")];
    };
    assert.deepEqual(await ground("light"), ["rgb(255, 255, 255)", "rgb(255, 255, 255)"]);
    assert.deepEqual(await ground("dark"), ["rgb(18, 22, 28)", "rgb(33, 41, 52)"]);
  });

  it("fits 400 pixels: only the pictures scroll sideways", async () => {
    const page = await open("fruit", { viewport: { width: 400, height: 800 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);
    assert.ok(await page.$eval(".scroll", (element) => element.scrollWidth > element.clientWidth));
    assert.match((await page.textContent(".paths")) ?? "", /mTLS Service mango-svc:8000/);
  });

  it("fits 740 pixels with long names in its tables", async () => {
    const long = "a-rather-long-name.of-some.namespace.svc.cluster.local";
    const answer = { asked: `GET https://${long}/`, expected: `begins with ${long}`, got: long, ok: true };
    const link = { subject: long, issuer: long, names: [long, long], key: "ECDSA P-256" };
    const chain = [{ ...link, notBefore: "2026-01-01T00:00:00Z", notAfter: "2026-04-01T00:00:00Z" }];
    const input = { answers: [answer], certificates: [{ secret: `some-namespace/${long}`, chain }] };
    const page = await open("fruit", { input, viewport: { width: 740, height: 800 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 740);
  });

  it("is light on paper, whatever the system's theme", async () => {
    const page = await open("fruit", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const ground = await page.$eval("body", (body) => getComputedStyle(body).backgroundColor);
    assert.equal(ground, "rgb(255, 255, 255)");
    assert.ok(await page.locator("#request").isHidden());
  });

  it("moves nothing for those who asked for no motion", async () => {
    const page = await open("fruit", { reducedMotion: "reduce" });
    assert.equal(await page.$eval("#requests .box", (box) => getComputedStyle(box).transitionDuration), "0s");
  });

  it("tells for each application which field says what is so, and shows it in its YAML", async () => {
    const page = await open("fruit", { input: { facts: factsBehindDoors(await fixtureTopology("fruit")) } });
    await page.click(".app-facts summary >> text=mango");
    await page.getByRole("button", { name: "Gateway mango/mango-gateway spec.listeners[https].tls.mode" }).click();
    assert.equal((await page.textContent("#panel mark"))?.trim(), "mode: Terminate");
    await page.keyboard.press("Escape");
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent),
      "Gateway mango/mango-gateway spec.listeners[https].tls.mode",
    );
  });
});
