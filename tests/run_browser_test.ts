import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { assertWellEverywhere, startBrowserWorld } from "./browser_world.ts";
import { hasBrowser } from "./chromium.ts";
import { eventually } from "./eventually.ts";
import { startPages } from "./pages.ts";

const named = (name: string) => `${name} (needs chromium)`;
const ignore = !hasBrowser();

const log = [
  ...Array.from({ length: 3_000 }, (_, at) => `noise ${at + 1}`),
  "\u001b[31mError: the needle broke\u001b[0m",
  ...Array.from({ length: 400 }, (_, at) => `more noise ${at + 1}`),
  "a last Needle",
].join("\n") + "\n";

/** A server with a private run of alice's whose first attempt failed for now. */
async function startWorld() {
  const rig = await startPages({ retryDelaysSeconds: [60] });
  const number = await rig.run({
    package: "tried-again",
    isPrivate: true,
    pins: [["src:glibc", "testing"]],
  }, { exitCode: 16, log: "no testbed\n" });
  rig.app.advance(60_000);
  await rig.end({ exitCode: 4, log });
  return { world: await startBrowserWorld(Promise.resolve(rig)), number };
}

async function lineInView(page: Page, line: number): Promise<void> {
  await page.locator(`#L${line}`).waitFor();
  const isInView = `(() => {
    const line = document.getElementById("L${line}")?.getBoundingClientRect();
    const box = document.getElementById("log").getBoundingClientRect();
    return line && line.top >= box.top - 1 && line.bottom <= box.bottom + 1;
  })()`;
  await eventually(
    async () => await page.evaluate(isInView) === true,
    `line ${line} is not in view`,
  );
}

Deno.test({
  name: named("a run's page is accessible with all that it unfolds"),
  ignore,
  async fn() {
    const { world, number } = await startWorld();
    await using _ = world;
    const path = `/runs/${number}`;
    for (
      const query of [
        "?search=needle",
        "?search=nowhere&failure=none",
        "?attempt=1",
      ]
    ) {
      await assertWellEverywhere(world, path + query, { ready: ".line" });
    }
    const { page } = await world.open(path);
    await page.getByText("Make public", { exact: true }).click();
    await page.getByText("Copy as").click();
    const wide = page.locator("#command");
    await wide.waitFor();
    for (const width of [360, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      assert(
        Number(await page.evaluate("document.documentElement.scrollWidth")) <=
          width,
      );
    }
  },
});

Deno.test({
  name: named(
    "somebody searches a log, steps through the lines found, and comes to each without script too",
  ),
  ignore,
  async fn() {
    const { world, number } = await startWorld();
    await using _ = world;
    const { page, complaints } = await world.open(`/runs/${number}`);
    await page.waitForSelector("#log[data-whole] .line");
    await page.evaluate("globalThis.isSamePage = true");
    await page.getByRole("searchbox").fill("needle");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".hits a");
    await lineInView(page, 3_001);
    await page.getByRole("button", { name: "Next" }).click();
    await lineInView(page, 3_402);
    assertEquals(await page.locator(".line.chosen").count(), 1);
    await page.getByRole("button", { name: "Previous" }).click();
    await lineInView(page, 3_001);
    assertStringIncludes(page.url(), "?search=needle#L3001");
    await page.locator(".hits a[data-line='3402']").click();
    await lineInView(page, 3_402);
    await page.getByLabel("Match case").check();
    await page.getByRole("button", { name: "Search" }).click();
    await page.locator(".hits a").nth(1).waitFor({ state: "detached" });
    // More than one answer holds, one after the other.
    await page.getByLabel("Match case").uncheck();
    await page.getByRole("searchbox").fill("noise");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".hits a[data-line='1']");
    await page.getByRole("link", { name: "Go on from line 101" }).click();
    await page.waitForSelector(".hits a[data-line='101']");
    await lineInView(page, 101);
    assertEquals(await page.evaluate("globalThis.isSamePage"), true);
    assertEquals(complaints, []);

    const plain = await world.open(`/runs/${number}`, {
      javaScriptEnabled: false,
    });
    await plain.page.getByRole("searchbox").fill("needle");
    await plain.page.getByRole("button", { name: "Search" }).click();
    assertEquals(
      await plain.page.getByRole("button", { name: "Next" }).count(),
      0,
    );
    await plain.page.locator(".hits a[data-line='3402']").click();
    assertStringIncludes(
      await plain.page.locator("#L3402").innerText(),
      "a last Needle",
    );
  },
});

Deno.test({
  name: named("the first failure is one click away, with and without script"),
  ignore,
  async fn() {
    const { world, number } = await startWorld();
    await using _ = world;
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await world.open(`/runs/${number}`, {
        javaScriptEnabled,
      });
      await page.getByRole("link", { name: "First failure" }).click();
      await page.waitForURL(/#L3001$/);
      await page.locator("#L3001").waitFor();
      assertStringIncludes(
        await page.locator("#L3001").innerText(),
        "the needle broke",
      );
      await page.context().close();
    }
  },
});

Deno.test({
  name: named("the log of an earlier attempt is read, with and without script"),
  ignore,
  async fn() {
    const { world, number } = await startWorld();
    await using _ = world;
    for (const javaScriptEnabled of [true, false]) {
      const { page, complaints } = await world.open(`/runs/${number}`, {
        javaScriptEnabled,
      });
      await page.getByRole("link", { name: "Log of attempt 1" }).click();
      await page.getByText("no testbed").waitFor();
      assertEquals(await page.locator(".line").count(), 1);
      await page.getByRole("link", { name: "The latest" }).click();
      await page.getByText("noise 1", { exact: true }).waitFor();
      assertEquals(complaints, []);
      await page.context().close();
    }
  },
});

Deno.test({
  name: named("the command of a run is copied as it stands"),
  ignore,
  async fn() {
    const { world, number } = await startWorld();
    await using _ = world;
    const { page, complaints } = await world.open(`/runs/${number}`, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByText("Copy as").click();
    await page.getByRole("button", { name: "Copy The command" }).click();
    await page.getByText("Copied", { exact: true }).waitFor();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    assertEquals(copied, await page.locator("#command").innerText());
    assertStringIncludes(String(copied), "Auth-Key: $KEY");
    assertEquals(complaints, []);
  },
});

Deno.test({
  name: named("a private run is made public in two steps, without script too"),
  ignore,
  async fn() {
    const { world } = await startWorld();
    await using _ = world;
    const { rig } = world;
    for (const javaScriptEnabled of [true, false]) {
      const number = await rig.run({ package: "secret", isPrivate: true });
      const { page } = await world.open(`/runs/${number}`, {
        javaScriptEnabled,
      });
      const button = page.getByRole("button", { name: "Make it public" });
      assertEquals(await button.isVisible(), false);
      await page.getByText("Make public", { exact: true }).click();
      await button.click();
      await page.waitForURL(`**/runs/${number}`);
      await button.waitFor({ state: "detached" });
      const run = await rig.app.app.store.runs.findByNumber(number);
      assertEquals(run?.isPrivate, false);
      await page.context().close();
    }
  },
});

Deno.test({
  name: named("a log that begins while its page is open appears there"),
  ignore,
  async fn() {
    const { world } = await startWorld();
    await using _ = world;
    const number = await world.rig.ask({ package: "awaited" });
    const { page, complaints } = await world.open(`/runs/${number}`);
    await page.getByText("Nothing yet").waitFor();
    await page.evaluate("globalThis.isSamePage = true");
    await world.rig.end({ log: "first line\nsecond line\n" });
    await page.getByText("second line").waitFor();
    await page.waitForSelector("#run .state.passed");
    assertEquals(await page.getByText("Nothing yet").count(), 0);
    assertEquals(await page.evaluate("globalThis.isSamePage"), true);
    assertEquals(complaints, []);
  },
});
