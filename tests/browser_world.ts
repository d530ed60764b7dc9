import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launch } from "./chromium.ts";
import type { DebciRig } from "./debci.ts";
import { startPages } from "./pages.ts";

/** A server on a port, and what a browser that is signed in as alice opens there. */
export type BrowserWorld = AsyncDisposable & {
  readonly rig: DebciRig;
  readonly url: string;
  open(
    path: string,
    options?: BrowserContextOptions,
  ): Promise<{ page: Page; complaints: string[] }>;
};

/** Starts it; the rig is that of the pages' tests unless another one is given. */
export async function startBrowserWorld(
  made: Promise<DebciRig> = startPages(),
): Promise<BrowserWorld> {
  const rig = await made;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    rig.app.app.fetch,
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const browser: Browser = await launch();
  const extraHTTPHeaders = await rig.app.signIn("alice");
  return {
    rig,
    url,
    async open(path, options = {}) {
      const context = await browser.newContext({
        extraHTTPHeaders,
        ...options,
      });
      const page = await context.newPage();
      // What the policy refuses, what fails, and what leaves the server.
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => {
        const to = request.url();
        if (!to.startsWith(url) && !/^(data|blob):/.test(to)) {
          complaints.push(to);
        }
      });
      await page.goto(url + path);
      return { page, complaints };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.shutdown();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/**
 * A page as it should be: accessible (axe-core, WCAG 2.2 AA), in the theme and
 * width of its context, no wider than the screen, and without anything that the
 * policy refused or that failed. Its picture is kept where
 * `SLIPWAY_SCREENSHOTS` names a folder.
 */
export async function assertWell(
  page: Page,
  complaints: readonly string[],
  name: string,
): Promise<void> {
  await keepPicture(page, name);
  assertEquals(await violations(page), [], name);
  const width = page.viewportSize()?.width ?? 0;
  const wide = Number(
    await page.evaluate("document.documentElement.scrollWidth"),
  );
  assert(wide <= width, `${name} is ${wide} px wide at ${width}`);
  // A form that must be mended, or a page that is not there, is answered with a 4xx.
  const others = complaints.filter((each) =>
    !/the server responded with a status of 4/.test(each)
  );
  assertEquals(others, [], name);
}

/** Opens a path, and holds it to `assertWell` on a phone in the light and on a large screen in the dark. */
export async function assertWellEverywhere(
  world: BrowserWorld,
  path: string,
  { ready, options = {} }: {
    /** A selector to wait for. */
    readonly ready?: string;
    readonly options?: BrowserContextOptions;
  } = {},
): Promise<void> {
  const { page, complaints } = await world.open(path, options);
  if (ready !== undefined) await page.waitForSelector(ready);
  for (
    const [colorScheme, width] of [["light", 360], ["dark", 1920]] as const
  ) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await assertWell(page, complaints, `${path} ${width} ${colorScheme}`);
  }
  await page.context().close();
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("SLIPWAY_SCREENSHOTS");
  if (!folder) return;
  const file = name.replace(/^\/ /, "/overview ").replace(/[^\w.-]+/g, "_")
    .replace(/^_/, "");
  await page.screenshot({ path: `${folder}/${file}.png` });
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // Swagger UI's own colours are not ours.
  return await page.evaluate(`axe.run(
    { include: [["html"]], exclude: [[".swagger-ui"]] },
    { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
  ).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary)))`);
}
