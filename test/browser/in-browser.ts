import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type Context = Parameters<Browser["newContext"]>[0];

export interface InBrowser {
  /** A directory for files, gone when the tests are done. */
  directory(): string;
  /** Opens a file as a person would. */
  open(file: string, context?: Context): Promise<Page>;
}

/**
 * Starts a browser for the tests of a `describe`, which are skipped where none is. A test fails when the browser
 * complained about something, or when the page asked the network.
 */
export function inBrowser(): InBrowser {
  let browser: Browser;
  let directory: string;
  const complaints: string[] = [];

  before(async function () {
    const executablePath = CHROMIUM.find((path) => path !== undefined && existsSync(path));
    if (executablePath === undefined) {
      process.stderr.write("skipped: no Chromium here (Debian: apt-get install chromium, or set CHROMIUM)\n");
      return this.skip();
    }
    directory = await mkdtemp(join(tmpdir(), "pictures-"));
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });

  after(async () => {
    await browser?.close();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });

  beforeEach(() => complaints.splice(0));
  afterEach(() => assert.deepEqual(complaints, [], "the browser complained"));

  return {
    directory: () => directory,
    async open(file, context = {}) {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context })).newPage();
      page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) complaints.push(`asked the network for ${request.url()}`);
      });
      await page.goto(pathToFileURL(file).href);
      return page;
    },
  };
}
