import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  assertWell,
  assertWellEverywhere,
  startBrowserWorld,
} from "./browser_world.ts";
import { hasBrowser } from "./chromium.ts";
import { fillLog } from "./fill_log.ts";

const named = (name: string) => `${name} (needs chromium)`;
const ignore = !hasBrowser();

Deno.test({
  name: named(
    "every page is accessible and keeps to its policy, in both themes, on a phone and on a large screen",
  ),
  ignore,
  async fn() {
    await using world = await startBrowserWorld();
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
      const path of ["/", "/runs", "/runs?state=odd", "/runs/2", "/account"]
    ) {
      await assertWellEverywhere(world, path);
    }
    await assertWellEverywhere(world, "/runs/1", { ready: ".line" });
    const { page, complaints } = await world.open("/docs", {
      colorScheme: "dark",
      viewport: { width: 1920, height: 900 },
    });
    await assertWell(page, complaints, "/docs 1920 dark");
    // It takes seconds, looks alike in both themes, and is not ours.
    await page.getByRole("button", { name: "Show parameters" }).click();
    await page.waitForSelector(".opblock");
    await assertWell(page, complaints, "/docs 1920 dark, with parameters");
  },
});

Deno.test({
  name: named(
    "a log of 50 MB opens at any of its lines, and ranges of lines are shared by address",
  ),
  ignore,
  async fn() {
    await using world = await startBrowserWorld();
    const { rig, url } = world;
    const number = await rig.run({ package: "talkative" }, { log: "" });
    const lines = await fillLog(rig, number, 50 * 1024 * 1024);
    const { page, complaints } = await world.open(
      `/runs/${number}#L${lines - 10}-L${lines - 8}`,
    );
    await page.waitForSelector(`#L${lines - 9}.chosen`);
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
    await using world = await startBrowserWorld();
    const { rig } = world;
    const number = await rig.ask({ package: "followed" });
    const { page, complaints } = await world.open(`/runs/${number}`);
    await page.waitForSelector(".state.queued");
    await page.evaluate("globalThis.isSamePage = true");
    await rig.end({ log: "a line\n", files: { "left.txt": "behind" } });
    await page.waitForSelector(".state.passed");
    await page.getByRole("link", { name: "left.txt" }).waitFor();
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
