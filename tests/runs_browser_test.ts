import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { hasBrowser } from "./chromium.ts";
import { assertWellEverywhere, startBrowserWorld } from "./browser_world.ts";

const named = (name: string) => `${name} (needs chromium)`;
const ignore = !hasBrowser();

Deno.test({
  name: named(
    "a new run appears on the open overview without loading it again, and a hidden page is silent",
  ),
  ignore,
  async fn() {
    await using world = await startBrowserWorld();
    const { rig } = world;
    const { page, complaints } = await world.open("/");
    await page.evaluate("globalThis.isSamePage = true");
    await page.waitForSelector("#queues >> text=Nothing waits.");
    rig.app.advance(1_000);
    await rig.ask({ package: "appears", arch: "arm64" });
    await page.waitForSelector("#queues >> text=arm64");
    rig.app.advance(1_000);
    await rig.end({ exitCode: 4 });
    await page.waitForSelector("#failed >> text=appears");
    assertEquals(await page.evaluate("globalThis.isSamePage"), true);

    // What is in use stays, until it is left.
    await page.locator("#failed a").first().focus();
    rig.app.advance(1_000);
    await rig.run({ package: "meanwhile" }, { exitCode: 4 });
    await rig.ask({ package: "waits", arch: "amd64" });
    await page.waitForSelector("#queues >> text=amd64");
    assertEquals(await page.locator("#failed >> text=meanwhile").count(), 0);
    await page.locator(".brand").focus();
    await page.waitForSelector("#failed >> text=meanwhile");

    const asked: string[] = [];
    await hide(page, true);
    page.on("request", (request) => asked.push(request.url()));
    rig.app.advance(1_000);
    await rig.end({ exitCode: 4 });
    // Another page hears of it, so this one would have.
    const other = await world.open("/");
    await other.page.waitForSelector("#failed >> text=waits");
    assertEquals(asked, []);
    await hide(page, false);
    await page.waitForSelector("#failed >> text=waits");
    assertEquals(complaints, []);
  },
});

Deno.test({
  name: named("a page whose stream is refused is kept up to date by looking"),
  ignore,
  async fn() {
    await using world = await startBrowserWorld();
    const { page } = await world.open("/docs");
    await page.route("**/events?*", (route) => route.fulfill({ status: 429 }));
    await page.goto(`${world.url}/`);
    world.rig.app.advance(1_000);
    await world.rig.ask({ package: "polled", arch: "arm64" });
    await page.waitForSelector("#queues >> text=arm64");
  },
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";
  Deno.test({
    name: named(
      `runs are ticked, looked at and cancelled, and those of a filter retried, ${how} script`,
    ),
    ignore,
    async fn() {
      await using world = await startBrowserWorld();
      const { rig } = world;
      for (const name of ["one", "two", "three"]) {
        await rig.ask({ package: name });
      }
      const { page, complaints } = await world.open("/runs?suite=unstable", {
        javaScriptEnabled,
      });
      await page.getByRole("checkbox", { name: "Choose run 1" }).check();
      await page.getByRole("checkbox", { name: "Choose run 3" }).check();
      await page.getByRole("button", { name: "Cancel…" }).click();
      await page.getByRole("heading", { name: "Cancel runs" }).waitFor();
      assertEquals(await page.locator("td.job").allInnerTexts(), [
        "three",
        "one",
      ]);
      await page.getByRole("button", { name: "Cancel 2 runs" }).click();
      await page.getByRole("heading", { name: "2 runs cancelled" }).waitFor();
      assertEquals(await page.locator(".state.aborted").count(), 2);
      await page.getByRole("link", { name: "All runs" }).click();
      await page.getByLabel("Suite").fill("unstable");
      await page.getByLabel("State").selectOption("ended");
      await page.getByRole("button", { name: "Filter" }).click();
      await page.waitForURL(/suite=unstable/);
      await page.getByRole("button", { name: "Retry…" }).click();
      await page.getByRole("button", { name: "Retry 2 runs" }).click();
      await page.getByRole("heading", { name: "2 runs asked for again" })
        .waitFor();
      const runs = await rig.app.app.store.runs.list({ states: ["queued"] });
      assertEquals(runs.map(({ job }) => job).toSorted(), [
        "one",
        "three",
        "two",
      ]);
      await page.getByRole("link", { name: "#4" }).click();
      assertStringIncludes(await page.locator("h1").innerText(), "#4");
      assertEquals(complaints, []);
    },
  });
}

Deno.test({
  name: named("the pages of a bulk change are accessible on every screen"),
  ignore,
  async fn() {
    await using world = await startBrowserWorld();
    const { rig } = world;
    await rig.ask({ package: "mine" });
    await rig.ask({ package: "theirs", user: "bob" });
    await rig.run({ package: "over" });
    for (
      const path of [
        "/runs?suite=unstable&arch=amd64",
        "/runs/bulk?action=cancel",
        "/runs/bulk?action=retry&run=1&run=2&run=3&run=9",
        "/runs/bulk?action=cancel&suite=nowhere",
        "/runs/bulk/done?action=cancel&done=1&left=2,3",
      ]
    ) await assertWellEverywhere(world, path);
  },
});

/** Does to a page what another tab in front of it does. */
async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));`);
}
