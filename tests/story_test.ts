/**
 * What somebody does who has only the README: get a key, run a job and a
 * package test, watch both, find the line that failed, and try again. Against
 * `deno task start` as it is, with its runner.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { hasBrowser, launch } from "./chromium.ts";
import { root } from "./paths.ts";
import { type RunningSlipway, startSlipway } from "./slipway.ts";

/** Until a run is over: package tests take seconds, more on a busy machine. */
const timeout = 120_000;

/** What the start printed to sign in with. */
function printedLogin({ printed }: RunningSlipway) {
  const [, user = "", password = ""] =
    /\(sign in as (\S+) with the password (\S+)\)/.exec(printed.join("\n")) ??
      [];
  return { user, password };
}

async function withBrowser(use: (browser: Browser) => Promise<void>) {
  const browser = await launch();
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

/** From the first look to a key that works. */
async function getKey(page: Page, slipway: RunningSlipway): Promise<string> {
  const { user, password } = printedLogin(slipway);
  await page.goto(slipway.url);
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await page.getByLabel("Name").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("banner").getByRole("link", { name: user }).click();
  await page.getByRole("navigation", { name: "Account" })
    .getByRole("link", { name: "API keys" }).click();
  await page.getByRole("button", { name: "Get API key" }).click();
  return await page.locator("#key").innerText();
}

async function runJob(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: "Jobs", exact: true }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("button", { name: /^Run / }).click();
  await page.waitForURL(/\/runs\/\d+$/);
}

async function testPackage(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: "Request a test" }).click();
  await page.getByLabel("Source package").fill(name);
  await page.locator("[name=suite]").selectOption("unstable");
  // All are ticked at first, as debci's are; there is a runner for this one alone.
  const own = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  for (const arch of ["amd64", "arm64"]) {
    await page.getByRole("group", { name: "Architectures" })
      .getByLabel(arch).setChecked(arch === own);
  }
  await page.getByRole("button", { name: "Request the test" }).click();
  await page.getByRole("row", { name: new RegExp(name) }).first()
    .getByRole("link").first().click();
  await page.waitForURL(/\/runs\/\d+$/);
}

Deno.test({
  name:
    "with a browser alone: a key, a job and a package test, watched live, the failing line, and a retry (needs chromium)",
  ignore: !hasBrowser(),
  async fn() {
    await using slipway = await startSlipway();
    await withBrowser(async (browser) => {
      const page = await browser.newPage();
      page.setDefaultTimeout(timeout);
      const key = await getKey(page, slipway);
      const who = await fetch(`${slipway.url}/v1/whoami`, {
        headers: { "auth-key": key },
      });
      assertStringIncludes(await who.text(), '"id":"user:demo"');

      await runJob(page, "periodic-failing");
      await page.evaluate("globalThis.isSamePage = true");
      await page.waitForSelector(".state.failed");
      assertEquals(await page.evaluate("globalThis.isSamePage"), true);
      const first = page.url();
      await page.getByRole("link", { name: "First failure" }).click();
      await page.waitForSelector(".line.chosen");
      assertStringIncludes(
        await page.locator(".line.chosen").first().innerText(),
        "1 of 3 checks failed",
      );
      await page.getByRole("button", { name: "Retry" }).click();
      await page.waitForURL((url) =>
        /\/runs\/\d+$/.test(url.pathname) && url.href !== first
      );
      await page.waitForSelector(".state.failed");

      await testPackage(page, "hello-slipway");
      await page.waitForSelector(".state.passed");
      await page.locator(".line", { hasText: /greeting\s+PASS/ }).first()
        .waitFor();
    });
  },
});

Deno.test({
  name:
    "with a browser without script: a key, a failed package test, its failing line, and a retry (needs chromium)",
  ignore: !hasBrowser(),
  async fn() {
    await using slipway = await startSlipway();
    await withBrowser(async (browser) => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      page.setDefaultTimeout(timeout);
      assertMatch(await getKey(page, slipway), /^\S{30,}$/);
      await testPackage(page, "failing-slipway");
      const first = page.url();
      // The page asks to be loaded anew until the run is over.
      await page.waitForSelector(".state.failed");
      await page.getByRole("link", { name: "First failure" }).click();
      const line = new URL(page.url()).hash;
      assertMatch(line, /^#L\d+$/);
      assertMatch(await page.locator(line).innerText(), /fail/i);
      await page.getByRole("button", { name: "Retry" }).click();
      await page.waitForURL((url) =>
        /\/runs\/\d+$/.test(url.pathname) && url.href !== first
      );
      await page.waitForSelector(".state.failed");
    });
  },
});

Deno.test("with the command line alone: a key, a job and a package test, watched live, the failing line, and a retry", async () => {
  await using slipway = await startSlipway();
  const home = await Deno.makeTempDir({ prefix: "slipway-story-" });
  const { user, password } = printedLogin(slipway);
  const call = async (args: readonly string[], input = "") => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "cli/main.ts", ...args],
      cwd: root,
      env: { XDG_CONFIG_HOME: home, NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const [out, said] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    return { code, out: out ?? "", said: said ?? "" };
  };
  const signedIn = await call(
    ["login", slipway.url, "--user", user],
    `${password}\n`,
  );
  assertEquals(signedIn.code, 0, signedIn.said);
  const who = await call(["whoami"]);
  assertStringIncludes(who.out, "user:demo");

  const failed = await call(["run", "periodic-failing", "--watch"]);
  assertEquals(failed.code, 1, failed.said);
  assertStringIncludes(failed.out, "1 of 3 checks failed");
  const list = await call(["list", "--json"]);
  const number = /"number":\s*(\d+)/.exec(list.out)?.[1] ?? "";
  const logs = await call(["logs", number]);
  assertStringIncludes(logs.out, "1 of 3 checks failed");
  const retried = await call(["retry", number, "--watch"]);
  assertEquals(retried.code, 1, retried.said);

  const arch = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  const test = ["--suite", "unstable", "--arch", arch, "--watch"];
  const passed = await call(["test", "hello-slipway", ...test]);
  assertEquals(passed.code, 0, passed.said);
  assertMatch(passed.out, /greeting\s+PASS/);
  await Deno.remove(home, { recursive: true });
});
