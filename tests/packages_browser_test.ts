import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  assertWellEverywhere,
  type BrowserWorld,
  startBrowserWorld,
} from "./browser_world.ts";
import { hasBrowser } from "./chromium.ts";

const log =
  "a line\nautopkgtest [12:00:00]: smoke FAIL non-zero exit status 1\n";

/** A server with some package tests, and a browser. */
async function startWorld(): Promise<BrowserWorld> {
  const world = await startBrowserWorld();
  const { rig } = world;
  await rig.run({ package: "bash" });
  rig.app.advance(30 * 86_400_000);
  await rig.run({ package: "bash" }, {
    exitCode: 4,
    log,
    version: `5.2~${"very-long-".repeat(20)}1`,
    files: { "artifacts.tar.gz": "packed" },
  });
  await rig.run({ package: "bash", arch: "arm64" });
  await rig.run({ package: "bash", pins: [["src:glibc", "testing"]] });
  await rig.run({ package: "libbash-perl", suite: "testing" }, {
    exitCode: 16,
  });
  await rig.run({
    package: "a-package-with-a-rather-long-name-that-fits-nowhere",
  });
  await rig.ask({ package: "bash" });
  return world;
}

const ignore = !hasBrowser();
const named = (name: string) => `${name} (needs chromium)`;

Deno.test({
  name: named(
    "somebody without a name finds a package, its grid, a cell's history and the failing line of a test, with script and without",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    for (const javaScriptEnabled of [true, false]) {
      const { page, complaints } = await world.open("/", {
        javaScriptEnabled,
        extraHTTPHeaders: {},
      });
      await page.getByRole("navigation", { name: "Main" })
        .getByRole("link", { name: "Packages", exact: true }).click();
      await page.getByLabel("Part of a package's name").fill("bash");
      await page.getByRole("button", { name: "Search" }).click();
      assertEquals(await page.locator("table.grid tbody th").allInnerTexts(), [
        "bash",
        "libbash-perl",
      ]);
      await page.getByRole("link", { name: "bash", exact: true }).click();
      await page.getByRole("region", { name: "Newest result by architecture" })
        .getByRole("link", { name: "failed" }).click();
      assert(page.url().endsWith("/packages/b/bash/unstable/amd64/"));
      assertEquals(await page.locator("table.grid tbody tr").count(), 3);
      await page.getByRole("link", { name: "log of test 2" }).click();
      await page.waitForSelector("#L2");
      assert(page.url().includes("/runs/2"), page.url());
      assertStringIncludes(
        await page.locator("#L2 code").innerText(),
        "smoke FAIL",
      );
      await page.getByRole("link", { name: "History", exact: true }).click();
      assert(page.url().endsWith("/packages/b/bash/unstable/amd64/"));
      assertEquals(complaints, []);
      await page.context().close();
    }
  },
});

Deno.test({
  name: named(
    "from the status pages somebody finds what fails in a suite, and tests it again",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { page, complaints } = await world.open("/status/", {
      javaScriptEnabled: false,
    });
    assertEquals(await page.locator("svg[role=img]").count(), 3);
    await page.getByRole("navigation", { name: "Package status" })
      .getByRole("link", { name: "Failing" }).click();
    await page.getByLabel("testing").check();
    await page.getByRole("button", { name: "Filter" }).click();
    assertStringIncludes(
      await page.locator(".empty").innerText(),
      "Nothing in these suites",
    );
    await page.getByLabel("testing").uncheck();
    await page.getByLabel("unstable").check();
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByRole("link", { name: "unstable · amd64" }).click();
    await page.getByRole("link", { name: "Retry test 2" }).click();
    const { runs } = world.rig.app.app.store;
    const before = (await runs.list({})).length;
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("is queued").waitFor();
    const after = await runs.list({});
    assertEquals(after.length, before + 1);
    assertEquals([after[0]?.job, after[0]?.state], ["bash", "queued"]);
    assertEquals(complaints, []);
  },
});

Deno.test({
  name: named(
    "every page about packages is accessible, keeps to its policy and fits, in both themes, on a phone and on a large screen",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const reason = "Breaks the testbed, see https://bugs.example/123456";
    const response = await world.rig.app.request("/v1/reject-list", {
      method: "POST",
      user: "root",
      role: "admin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ package: "ba*", suite: "stable", reason }),
    });
    assertEquals(response.status, 201);
    await response.body?.cancel();
    for (
      const path of [
        "/packages/",
        "/packages/b/",
        "/packages/-/search?query=nosuch",
        "/packages/b/bash/",
        "/packages/b/bash/unstable/amd64/",
        "/packages/n/nosuch/",
        "/status/",
        "/status/alerts/",
        "/status/changes/",
        "/status/failing/?suite[]=unstable&arch[]=amd64",
        "/status/slow/",
        "/status/pending/",
        "/status/platform-specific-issues/",
        "/status/reject_list/",
      ]
    ) await assertWellEverywhere(world, path);
  },
});
