import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { hasBrowser, launch } from "./chromium.ts";
import { bodies, type DeckRig, longJob, startDeck } from "./deck.ts";

/** A server on a port, and what a browser that is signed in as alice opens there. */
type World = AsyncDisposable & {
  readonly rig: DeckRig;
  readonly url: string;
  open(
    path: string,
    options?: BrowserContextOptions,
  ): Promise<{ page: Page; complaints: string[] }>;
};

async function startWorld(): Promise<World> {
  const rig = await startDeck();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    rig.app.app.fetch,
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const browser = await launch();
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
  return await page.evaluate(`axe.run(
    document,
    { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
  ).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary)))`);
}

const named = (name: string) => `${name} (needs chromium)`;
const ignore = !hasBrowser();

/** Opens all that is folded, since what is not shown is not judged. */
const unfold =
  "for (const each of document.querySelectorAll('details')) each.open = true";

Deno.test({
  name: named(
    "the pages of jobs are accessible and keep to their policy, in both themes, on a phone and on a large screen",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { rig } = world;
    for (const exitCode of [0, 1, 0]) {
      await rig.run(bodies.verify, { kind: "exited", exitCode });
    }
    await rig.run(bodies.verify, { kind: "not_started", reason: "no" });
    await rig.run(bodies.verify, { kind: "cancelled" });
    await rig.create(bodies.verify);
    for (
      const path of [
        "/jobs",
        "/jobs?type=odd",
        "/jobs?name=none",
        "/jobs/verify",
        "/jobs/hello",
        `/jobs/${longJob}`,
      ]
    ) {
      for (const colorScheme of ["light", "dark"] as const) {
        const width = colorScheme === "light" ? 360 : 1920;
        const { page, complaints } = await world.open(path, {
          colorScheme,
          viewport: { width, height: 900 },
        });
        await page.evaluate(unfold);
        const where = `${path}, ${colorScheme}`;
        assertEquals(await violations(page), [], where);
        const wide = await page.evaluate(
          "document.documentElement.scrollWidth",
        );
        assert(Number(wide) <= width, `${where}: it is ${wide} px wide`);
        assertEquals(
          complaints.filter((each) => !each.includes("400 (Bad Request)")),
          [],
          where,
        );
        await page.context().close();
      }
    }
  },
});

Deno.test({
  name: named("a pull request's fields have the width of a phone"),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { page } = await world.open("/jobs/verify", {
      viewport: { width: 360, height: 900 },
    });
    for (const name of ["pull_number", "pull_sha"]) {
      const label = page.locator(`label:has([name=${name}])`);
      const [outer, field] = await Promise.all([
        label.boundingBox(),
        label.locator("input").boundingBox(),
      ]);
      assert(outer !== null && field !== null, name);
      assert(field.width > outer.width * 0.9, `${name}: ${field.width} px`);
    }
  },
});

for (const javaScriptEnabled of [true, false]) {
  Deno.test({
    name: named(
      `a person finds a job, runs it with a variable of their own, sees the run, and then its build among those of the job, ${
        javaScriptEnabled ? "with" : "without"
      } script`,
    ),
    ignore,
    async fn() {
      await using world = await startWorld();
      const { rig, url } = world;
      await rig.run(bodies.hello);
      const { page, complaints } = await world.open("/", { javaScriptEnabled });
      await page.getByRole("navigation", { name: "Main" })
        .getByRole("link", { name: "Jobs" }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("HEL");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("link", { name: "hello", exact: true }).click();
      assertEquals(page.url(), `${url}/jobs/hello`);

      const environment = page.getByRole("textbox", { name: "Environment" });
      await environment.fill("GREETING=hi\nodd");
      await page.getByRole("button", { name: "Run periodic" }).click();
      await page.getByText('Line 2 has no "="').waitFor();
      assertEquals(await environment.inputValue(), "GREETING=hi\nodd");
      await environment.fill("GREETING=hi there\n");
      await page.getByRole("button", { name: "Run periodic" }).click();
      await page.waitForURL(`${url}/runs/2`);
      await page.waitForSelector(".state.queued");
      const [run] = await rig.app.app.store.runs.list({ limit: 1 });
      assertStringIncludes(
        JSON.stringify(run?.task),
        '{"name":"GREETING","value":"hi there"}',
      );
      const claimed = await rig.claim();
      await claimed.start();
      await claimed.end({ kind: "exited", exitCode: 1 });

      await page.getByRole("link", { name: "Job", exact: true }).click();
      const build = page.getByRole("link", { name: /^#2 failed in/ });
      const tip = build.locator(".tip");
      assertEquals((await tip.boundingBox())?.width, 1);
      await build.focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Shift+Tab");
      assert(Number((await tip.boundingBox())?.width) > 100, "on focus");
      await page.getByRole("link", { name: /^#1 passed in/ }).hover();
      await build.click();
      assertEquals(page.url(), `${url}/runs/2`);
      assertEquals(
        complaints.filter((each) => !each.includes("400 (Bad Request)")),
        [],
      );
    },
  });
}

Deno.test({
  name: named(
    "a person runs a presubmit on a branch and a pull request by its form, without script",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { page } = await world.open("/jobs/verify", {
      javaScriptEnabled: false,
    });
    const type = (name: string, text: string) =>
      page.getByRole("textbox", { name: new RegExp(`^${name}`) }).fill(text);
    await page.getByRole("button", { name: "Run presubmit" }).click();
    assertEquals(
      page.url(),
      `${world.url}/jobs/verify`,
      "the branch is asked for",
    );
    await type("Branch", "main");
    await type("Commit of the branch", "abc");
    await type("Number", "5");
    await type("Its commit", bodies.verify.refs.pulls[0]?.sha ?? "");
    await type("Author", "ann");
    await page.getByRole("button", { name: "Run presubmit" }).click();
    await page.waitForURL(`${world.url}/runs/1`);
    assertStringIncludes(await page.locator("main").innerText(), "#5");
  },
});
