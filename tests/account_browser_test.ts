/** People sign in, get a key, manage tokens and sessions in a browser, with script and without. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { roles } from "../core/permission.ts";
import {
  type AccountWorld,
  passwordOf,
  startAccounts,
} from "./account_world.ts";
import { assertWell } from "./browser_world.ts";
import { hasBrowser, launch } from "./chromium.ts";

const ignore = !hasBrowser();
const named = (name: string) => `${name} (needs chromium)`;

/** A server on a port, with a browser before it. */
type World = AsyncDisposable & {
  readonly accounts: AccountWorld;
  readonly url: string;
  /** A new browser profile's page. What the policy refuses or fails is in `complaints`. */
  open(
    options?: BrowserContextOptions,
  ): Promise<{ page: Page; complaints: string[] }>;
  /** Signs in by the form, on the way to a path. */
  signIn(page: Page, name: string, path: string): Promise<void>;
};

async function startWorld(): Promise<World> {
  const accounts = await startAccounts({ now: Date.now });
  await accounts.user("olga", { permissions: roles.owner, owns: ["ci-bots"] });
  await accounts.user("root", { permissions: roles.admin });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    accounts.test.app.fetch,
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const browser: Browser = await launch();
  return {
    accounts,
    url,
    async open(options = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      return { page, complaints };
    },
    async signIn(page, name, path) {
      await page.goto(url + path);
      assertStringIncludes(page.url(), "/login?return_to=");
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Password").fill(passwordOf(name));
      await page.getByRole("main").getByRole("button", { name: "Sign in" })
        .click();
      assertEquals(page.url(), url + path);
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.shutdown();
      await accounts[Symbol.asyncDispose]();
    },
  };
}

/** What a shell says to the lines that a page shows, pasted. */
async function paste(...lines: readonly string[]): Promise<string> {
  const script = lines.join("\n").replaceAll(/^(KEY|TOKEN)=/gm, "export $1=");
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script.replaceAll("curl ", "curl -sS ")],
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return text(stdout) + text(stderr);
}

const shown = async (page: Page, id: string) =>
  await page.locator(`#${id}`).textContent() ?? "";

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with script" : "without script";

  Deno.test({
    name: named(
      `somebody signs in with a password, gets a key, uses it with curl, and revokes it, ${how}`,
    ),
    ignore,
    async fn() {
      await using world = await startWorld();
      const { page, complaints } = await world.open({
        javaScriptEnabled,
        permissions: ["clipboard-read", "clipboard-write"],
      });
      await world.signIn(page, "olga", "/account/keys");
      await page.getByLabel("What it is for").fill("laptop");
      await page.getByRole("button", { name: "Get API key" }).click();
      const key = await shown(page, "key");
      const copy = page.getByRole("button", { name: "Copy The key" });
      if (!javaScriptEnabled) assertEquals(await copy.isVisible(), false);
      if (javaScriptEnabled) {
        // The script brings it.
        await copy.click();
        await page.getByText("Copied").waitFor();
        const clip = await page.evaluate("navigator.clipboard.readText()");
        assertEquals(clip, key);
      }
      const use = await shown(page, "key-use");
      assertStringIncludes(await paste(use), "user:olga");
      await paste(use, await shown(page, "key-test"));
      const [run] = await world.accounts.test.app.store.runs.list({});
      assertEquals([run?.job, run?.owner.name], ["hello-slipway", "olga"]);
      // Loading the answer of the form again sends the form again.
      await page.reload();
      assertStringIncludes(
        await page.getByRole("alert").innerText(),
        "twice out of one form",
      );
      await page.goto(`${world.url}/account/keys`);
      assertEquals(await page.getByText("Revoke…").count(), 1);
      assertEquals((await page.content()).includes(key), false);
      await page.getByText("Revoke…").click();
      await page.getByRole("button", { name: "Revoke for ever" }).click();
      await page.getByText("Revoked (1)").waitFor();
      assertStringIncludes(await paste(use), "the key has been revoked");
      assertEquals(
        complaints.filter((each) => !each.includes("409 (Conflict)")),
        [],
      );
    },
  });

  Deno.test({
    name: named(
      `an owner makes a token of a group, triggers a job with it, rotates and revokes it, ${how}`,
    ),
    ignore,
    async fn() {
      await using world = await startWorld();
      const { page, complaints } = await world.open({ javaScriptEnabled });
      await world.signIn(page, "olga", "/account/tokens");
      await page.locator("[name=group]").selectOption("ci-bots");
      await page.getByLabel("What it is for").fill("nightly");
      await page.getByText("Narrow it").click();
      await page.getByLabel("Jobs or packages").fill("periodic-*");
      await page.getByRole("button", { name: "Make token" }).click();
      const use = await shown(page, "token-use");
      assertStringIncludes(await paste(use), "group:ci-bots");
      const asked = await paste(use, await shown(page, "token-job"));
      // The catalogue of the test is empty: it is the job that is missing, not the right to run it.
      assertStringIncludes(asked, "periodic-hello");
      await page.getByRole("link", { name: "nightly" }).click();
      await page.getByLabel("This one works on for").fill("1h");
      await page.getByRole("button", { name: "Rotate" }).click();
      const next = await shown(page, "token-use");
      assert(next !== use);
      assertStringIncludes(await paste(use), "group:ci-bots");
      assertStringIncludes(await paste(next), "group:ci-bots");
      await page.getByRole("button", { name: "Revoke for ever" }).click();
      await page.locator("dt", { hasText: "Revoked" }).waitFor();
      assertStringIncludes(await paste(use), "the token has been revoked");
      assertStringIncludes(await paste(next), "group:ci-bots");
      assertEquals(complaints, []);
    },
  });

  Deno.test({
    name: named(
      `somebody ends the session of another browser, and then signs out, ${how}`,
    ),
    ignore,
    async fn() {
      await using world = await startWorld();
      const { page: lost } = await world.open({ javaScriptEnabled });
      const { page, complaints } = await world.open({ javaScriptEnabled });
      await world.signIn(lost, "olga", "/account");
      await world.signIn(page, "olga", "/account/sessions");
      await page.getByRole("button", { name: "End", exact: true }).click();
      await page.getByText("this one").waitFor();
      await lost.reload();
      assertStringIncludes(lost.url(), "/login?return_to=");
      await page.getByRole("banner").getByRole("button", { name: "Sign out" })
        .click();
      await page.getByLabel("Password").waitFor();
      await page.goto(`${world.url}/account`);
      assertStringIncludes(page.url(), "/login?return_to=");
      assertEquals(complaints, []);
    },
  });
}

/** What is looked at: its name, its path, and what is done there first. */
const looks: readonly (readonly [
  string,
  string,
  ((page: Page) => Promise<unknown>)?,
])[] = [
  ["account", "/account"],
  ["keys", "/account/keys"],
  [
    "keys, a new one",
    "/account/keys",
    (page) => page.getByRole("button", { name: "Get API key" }).click(),
  ],
  ["keys, a fault", "/account/keys", async (page) => {
    await page.getByLabel("What it is for").fill("x".repeat(201));
    await page.getByRole("button", { name: "Get API key" }).click();
    await page.locator("small.fault").waitFor();
  }],
  ["sessions", "/account/sessions"],
  ["own tokens", "/account/tokens"],
  ["tokens, a fault", "/admin/tokens", async (page) => {
    await page.getByText("Make a token").click();
    await page.getByText("Narrow it").click();
    await page.locator("[name=group]").first().fill("ci-bots");
    await page.getByLabel("Permissions").fill("read");
    await page.getByRole("button", { name: "Make token" }).click();
    await page.locator("small.fault").waitFor();
  }],
  [
    "one token",
    "/admin/tokens",
    (page) => page.getByRole("link", { name: "nightly" }).first().click(),
  ],
  ["one token, a fault", "/admin/tokens", async (page) => {
    await page.getByRole("link", { name: "nightly" }).first().click();
    await page.getByLabel("This one works on for").fill("1y");
    await page.getByRole("button", { name: "Rotate" }).click();
    await page.locator("small.fault").waitFor();
  }],
  ["logout", "/logout"],
];

Deno.test({
  name: named(
    "the pages of the account are accessible and keep to their policy, in both themes, on a phone and on a large screen",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    for (
      const [colorScheme, width] of [["light", 360], ["dark", 1920]] as const
    ) {
      const { page, complaints } = await world.open({
        colorScheme,
        viewport: { width, height: 900 },
      });
      const look = (name: string) =>
        assertWell(page, complaints, `${name} ${width} ${colorScheme}`);
      await page.goto(`${world.url}/login`);
      await look("login");
      await page.getByLabel("Name").fill("root");
      await page.getByLabel("Password").fill("wrong");
      await page.getByRole("main").getByRole("button").click();
      await page.getByRole("alert").waitFor();
      await look("login, a fault");
      await world.signIn(page, "root", "/admin/tokens");
      const group = page.locator("[name=group]").first();
      // Where there is a token already the form is closed.
      if (!await group.isVisible()) {
        await page.getByText("Make a token").click();
      }
      await group.fill("ci-bots");
      await page.getByLabel("What it is for").fill("nightly");
      await page.getByRole("button", { name: "Make token" }).click();
      await page.locator("#token").waitFor();
      await look("a new token");
      for (const [name, path, act] of looks) {
        await page.goto(world.url + path);
        await act?.(page);
        await look(name);
      }
      await page.context().close();
    }
  },
});
