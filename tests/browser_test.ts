import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { sql } from "../core/database.ts";
import { hasBrowser, launch } from "./chromium.ts";
import type { DebciRig } from "./debci.ts";
import { startPages } from "./pages.ts";

/** A server on a port, and what a browser that is signed in as alice opens there. */
type World = AsyncDisposable & {
  readonly rig: DebciRig;
  readonly url: string;
  open(
    path: string,
    options?: BrowserContextOptions,
  ): Promise<{ page: Page; complaints: string[] }>;
};

async function startWorld(): Promise<World> {
  const rig = await startPages();
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

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // Swagger UI's own colours are not ours.
  return await page.evaluate(`axe.run(
    { include: [["html"]], exclude: [[".swagger-ui"]] },
    { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
  ).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary)))`);
}

const named = (name: string) => `${name} (needs chromium)`;
const ignore = !hasBrowser();

Deno.test({
  name: named(
    "every page is accessible and keeps to its policy, in both themes, on a phone and on a large screen",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { rig } = world;
    await rig.run({ package: "hello" }, {
      exitCode: 4,
      log:
        "\u001b[31mred\u001b[32mgreen\u001b[33myellow\u001b[34mblue\u001b[35mm\u001b[36mc\u001b[90mg\u001b[7minverse\u001b[0m\nError: no\n",
      files: {
        "junit.xml":
          '<testsuite><testcase name="a"><failure message="m"/></testcase></testsuite>',
      },
    });
    await rig.ask({
      package: "a-package-with-a-rather-long-name-that-does-not-fit-on-a-phone",
    });
    for (
      const path of [
        "/",
        "/runs",
        "/runs?state=odd",
        "/runs/1",
        "/runs/2",
        "/docs",
      ]
    ) {
      for (const colorScheme of ["light", "dark"] as const) {
        // Swagger UI takes seconds, and looks alike.
        if (path === "/docs" && colorScheme === "light") continue;
        const width = colorScheme === "light" ? 360 : 1920;
        const { page, complaints } = await world.open(path, {
          colorScheme,
          viewport: { width, height: 900 },
        });
        if (path === "/docs") await page.waitForSelector(".opblock");
        if (path === "/runs/1") await page.waitForSelector(".line");
        assertEquals(await violations(page), [], `${path}, ${colorScheme}`);
        const wide = await page.evaluate(
          "document.documentElement.scrollWidth",
        );
        if (path !== "/docs") {
          assert(
            Number(wide) <= width,
            `${path} is ${wide} px wide at ${width}`,
          );
        }
        assertEquals(
          complaints.filter((each) => !each.includes("400 (Bad Request)")),
          [],
          path,
        );
        await page.context().close();
      }
    }
  },
});

Deno.test({
  name: named(
    "a log of 50 MB opens at any of its lines within seconds, and ranges of lines are shared by address",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { rig, url } = world;
    const number = await rig.run({ package: "talkative" }, { log: "" });
    const lines = await fillLog(rig, number, 50 * 1024 * 1024);
    const begun = performance.now();
    const { page, complaints } = await world.open(
      `/runs/${number}#L${lines - 10}-L${lines - 8}`,
    );
    await page.waitForSelector(`#L${lines - 9}.chosen`);
    const openedMs = performance.now() - begun;
    assert(openedMs < 5_000, `it took ${openedMs} ms`);
    assertEquals(await page.locator(".line.chosen").count(), 3);
    assertStringIncludes(
      await page.locator(`#L${lines - 9} code`).innerText(),
      `line ${lines - 9} `,
    );
    assert(
      await page.locator(".line").count() < 3_000,
      "only lines near the view are there",
    );
    await page.evaluate(`location.hash = "#L200000"`);
    await page.waitForSelector("#L200000.chosen");
    await page.locator("#L200003 > a").click({ modifiers: ["Shift"] });
    assertEquals(page.url(), `${url}/runs/${number}#L200000-L200003`);
    assertEquals(await page.locator(".line.chosen").count(), 4);
    await page.getByRole("button", { name: "Wrap" }).click();
    assertEquals(await page.locator("#log.wrap").count(), 1);
    assertEquals(complaints, []);
  },
});

Deno.test({
  name: named(
    "a run is followed to its end without loading its page again, and is cancelled by its button, without script too",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { rig } = world;
    const number = await rig.ask({ package: "followed" });
    const { page, complaints } = await world.open(`/runs/${number}`);
    await page.waitForSelector(".state.queued");
    await page.evaluate("globalThis.isSamePage = true");
    await rig.end({ log: "a line\n" });
    await page.waitForSelector(".state.passed");
    assertEquals(await page.evaluate("globalThis.isSamePage"), true);
    assertEquals(complaints, []);
    for (const javaScriptEnabled of [true, false]) {
      const other = await rig.ask({ package: "stopped" });
      const { page } = await world.open(`/runs/${other}`, {
        javaScriptEnabled,
      });
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.waitForSelector(".state.aborted");
    }
  },
});

/** Writes a log of so many bytes; the number of its lines. */
async function fillLog(
  { app }: DebciRig,
  number: number,
  bytes: number,
): Promise<number> {
  let [line, start] = [0, 0];
  while (start < bytes) {
    let text = "";
    while (text.length < 1_000_000) {
      text += `line ${++line} ${"x".repeat(line % 160)}\n`;
    }
    const chunk = new TextEncoder().encode(text);
    await app.database.batch([
      sql`insert into log_chunk (run, attempt, start, bytes)
        select number, attempt, ${start}, ${chunk} from run where number = ${number}`,
    ]);
    start += chunk.length;
  }
  await app.database.batch([
    sql`update run set log_bytes = ${start} where number = ${number}`,
  ]);
  return line;
}
