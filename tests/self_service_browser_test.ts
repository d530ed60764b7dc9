import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { sessionCookie } from "../http/cookie.ts";
import { hasBrowser } from "./chromium.ts";
import {
  assertWell,
  assertWellEverywhere,
  type BrowserWorld,
  startBrowserWorld,
} from "./browser_world.ts";
import { reject } from "./debci_requests.ts";
import { startPages } from "./pages.ts";

const named = (name: string) => `${name} (needs chromium)`;
const ignore = !hasBrowser();
const entry = "deb http://archive.test/debian unstable main";

/** A world with a source of packages to tick. */
function start(): Promise<BrowserWorld> {
  return startBrowserWorld(
    startPages({ extraAptSources: { security: { entry } } }),
  );
}

/** A page of somebody whose browser has a session's cookie, so that forms need its token. */
async function open(world: BrowserWorld, path: string, hasScript: boolean) {
  const { page, complaints } = await world.open(path, {
    javaScriptEnabled: hasScript,
    acceptDownloads: true,
    storageState: {
      cookies: [{
        name: sessionCookie,
        value: "a-session-of-the-tests",
        domain: "127.0.0.1",
        path: "/",
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
        expires: -1,
      }],
      origins: [],
    },
  });
  const cookies = await page.context().cookies(world.url);
  assertEquals(cookies.length, 1, "the browser sends the cookie");
  page.setDefaultTimeout(30_000);
  return { page, complaints };
}

async function requestByForm(page: Page) {
  await page.getByRole("link", { name: "Request a test" }).first().click();
  const form = page.locator("form").filter({ hasText: "Request the test" })
    .first();
  await form.getByRole("textbox", { name: /^Source package/ }).fill("hello");
  await form.getByRole("textbox", { name: /^Trigger/ }).fill("glibc/2.42");
  await form.getByRole("textbox", { name: /^Pinned packages/ }).fill(
    "src:glibc, testing",
  );
  await form.getByRole("checkbox", { name: "security" }).check();
  await form.getByRole("button", { name: "Request the test" }).click();
  await page.waitForURL(/\/user\/alice\/jobs\?asked=2$/);
}

for (const hasScript of [true, false]) {
  const how = hasScript ? "with script" : "without script";

  Deno.test({
    name: named(
      `a test is asked for by form on two architectures, found among one's requests and followed, ${how}`,
    ),
    ignore,
    async fn() {
      await using world = await start();
      const { page, complaints } = await open(world, "/", hasScript);
      await requestByForm(page);
      assertStringIncludes(
        await page.getByRole("status").innerText(),
        "2 tests are asked for",
      );
      const rows = page.locator("tbody tr");
      assertEquals(await rows.count(), 2);
      for (const arch of ["amd64", "arm64"]) {
        assertEquals(
          await rows.filter({ hasText: arch }).filter({ hasText: "glibc/2.42" })
            .count(),
          1,
        );
      }
      if (hasScript) {
        await page.locator("tbody .tick").first().check();
        await world.rig.end();
        await page.waitForSelector("tbody .state.passed");
        assert(
          await page.locator("tbody .tick").first().isChecked(),
          "what is ticked stays ticked while states change",
        );
      }
      await rows.last().getByRole("link", { name: /^#/ }).click();
      await page.waitForURL(/\/runs\/1$/);
      assertStringIncludes(await page.innerText("h1"), "hello in unstable");
      assertEquals(complaints, []);
    },
  });

  Deno.test({
    name: named(
      `a faulty form keeps what was typed and is mended; it is exported, and the file is handed in, ${how}`,
    ),
    ignore,
    async fn() {
      await using world = await start();
      const { page } = await open(world, "/user/alice/test", hasScript);
      await page.getByRole("textbox", { name: /^Source package/ }).fill(
        "Hello",
      );
      await page.getByRole("checkbox", { name: "arm64" }).uncheck();
      await page.getByRole("textbox", { name: /^Trigger/ }).fill("<b>mine</b>");
      await page.getByRole("button", { name: "Request the test" }).click();
      const fault = page.locator("#package-fault");
      assertStringIncludes(await fault.innerText(), "source package");
      assertEquals(
        await page.getByRole("textbox", { name: /^Trigger/ }).inputValue(),
        "<b>mine</b>",
      );
      assertEquals(
        await page.getByRole("checkbox", { name: "arm64" }).isChecked(),
        false,
      );
      await page.getByRole("textbox", { name: /^Source package/ }).fill(
        "hello",
      );
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Export as JSON" }).click(),
      ]);
      assertEquals(download.suggestedFilename(), "hello.json");
      const path = await download.path();
      const [request] = JSON.parse(await Deno.readTextFile(path));
      assertEquals(request.tests[0].trigger, "<b>mine</b>");
      assertEquals(request.arch, ["amd64"]);
      await page.getByLabel("File", { exact: true }).setInputFiles(path);
      await page.getByRole("button", { name: "Request all tests" }).click();
      await page.waitForURL(/asked=1$/);
      assertStringIncludes(await page.innerText("tbody"), "<b>mine</b>");
    },
  });

  Deno.test({
    name: named(
      `an uploaded list with a fault in its second test is mended in place and handed in, ${how}`,
    ),
    ignore,
    async fn() {
      await using world = await start();
      const { page } = await open(world, "/user/alice/test", hasScript);
      const path = await Deno.makeTempFile({ suffix: ".json" });
      const json = JSON.stringify([{
        suite: "unstable",
        arch: ["amd64"],
        tests: [{ package: "first", trigger: '"quoted" & <b>' }, {
          package: "Second",
        }],
      }]);
      await Deno.writeTextFile(path, json);
      await page.getByLabel("File", { exact: true }).setInputFiles(path);
      await page.getByRole("button", { name: "Request all tests" }).click();
      await Deno.remove(path);
      const fault = await page.locator("ul.fault").innerText();
      assertStringIncludes(fault, "request index 0 and test index 1");
      assertStringIncludes(fault, "package Second");
      const text = page.getByRole("textbox", { name: /^or text/ });
      assertEquals(await text.inputValue(), json);
      await text.fill(json.replace("Second", "second"));
      await page.getByRole("button", { name: "Request all tests" }).click();
      await page.waitForURL(/asked=2$/);
      assertEquals(await page.locator("tbody tr").count(), 2);
    },
  });

  Deno.test({
    name: named(
      `private tests are ticked, looked at and published, others cancelled and retried, ${how}`,
    ),
    ignore,
    async fn() {
      await using world = await start();
      const { rig } = world;
      for (const name of ["one", "two"]) {
        await rig.ask({ package: name, isPrivate: true });
      }
      const { page } = await open(world, "/user/alice/jobs", hasScript);
      await page.getByRole("checkbox", { name: "Test 1" }).check();
      await page.getByRole("button", { name: /^Publish/ }).click();
      await page.waitForURL(/test\/publish\?/);
      assertEquals(await page.locator("tbody tr").count(), 1);
      await page.getByRole("button", { name: "Publish the ticked" }).click();
      await page.waitForURL(/published=1$/);
      await page.getByRole("link", { name: "Tick all of this page" }).click();
      await page.waitForSelector(".tick:checked");
      await page.getByRole("button", { name: /^Cancel/ }).click();
      await page.waitForURL(/test\/cancel\?/);
      await page.getByRole("checkbox", { name: "Test 2" }).uncheck();
      await page.getByRole("button", { name: "Cancel the ticked" }).click();
      await page.waitForURL(/cancelled=1$/);
      const { runs } = rig.app.app.store;
      const [first, second] = [
        await runs.findByNumber(1),
        await runs.findByNumber(2),
      ];
      assertEquals([first?.isPrivate, first?.state], [false, "aborted"]);
      assertEquals([second?.isPrivate, second?.state], [true, "queued"]);
      await page.getByRole("link", { name: "Retry test 1" }).click();
      await page.waitForSelector("h1:has-text('Retry test 1')");
      await page.getByRole("button", { name: "Retry" }).click();
      await page.waitForURL(/\/runs\/3$/);
    },
  });
}

Deno.test({
  name: named(
    "the pages on which tests are asked for are accessible, in both themes, on a phone and on a large screen",
  ),
  ignore,
  async fn() {
    await using world = await start();
    const { rig } = world;
    await rig.run({ package: "hello", pins: [["src:glibc", "testing"]] });
    await rig.ask({
      package: "a-package-with-a-rather-long-name-that-does-not-fit-on-a-phone",
      isPrivate: true,
    });
    for (
      const path of [
        "/user/alice",
        "/user/alice/jobs?published=1",
        "/user/alice/jobs?state=odd",
        "/user/alice/jobs?package=nosuch",
        "/user/alice/test",
        "/user/alice/test/publish",
        "/user/alice/test/cancel?run_ids[]=2",
        "/user/alice/retry/1",
        "/api/v1/retry/2",
        "/api/doc",
      ]
    ) await assertWellEverywhere(world, path);
    await reject(rig.app, "# https://bugs.debian.org/1 broken\nfoo-* unstable");
    const headers = {
      ...await rig.app.signIn("root"),
      "test-role": "admin",
    };
    await assertWellEverywhere(world, "/admin/reject-list?added=foo", {
      options: { extraHTTPHeaders: headers },
    });
    for (const width of [360, 1920]) {
      const { page, complaints } = await world.open("/user/alice/test", {
        viewport: { width, height: 900 },
        colorScheme: width === 360 ? "dark" : "light",
      });
      await page.getByRole("textbox", { name: /^Source package/ }).fill(
        "Hello World",
      );
      await page.getByRole("checkbox", { name: "amd64" }).uncheck();
      await page.getByRole("checkbox", { name: "arm64" }).uncheck();
      await page.getByRole("textbox", { name: /^Pinned packages/ }).fill(
        "nonsense",
      );
      await page.getByRole("button", { name: "Request the test" }).click();
      await page.waitForSelector("#arch-fault");
      await assertWell(page, complaints, `faulty form ${width}`);
      await page.getByRole("textbox", { name: /^or text/ }).fill(
        '[{"suite": "x"}]',
      );
      await page.getByRole("button", { name: "Request all tests" }).click();
      await page.waitForSelector("ul.fault");
      await assertWell(page, complaints, `faulty upload ${width}`);
    }
  },
});
