/** What an administrator does in a browser, signed in with a password: with script and without. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { roles } from "../core/permission.ts";
import basic from "../plugins/auth/basic/mod.ts";
import {
  type Cost,
  hashPassword,
  newSalt,
} from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import session from "../plugins/auth/session/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { assertWell } from "./browser_world.ts";
import { hasBrowser, launch } from "./chromium.ts";
import { type DebciRig, register, startDebci } from "./debci.ts";

const named = (name: string) => `${name} (needs chromium)`;
const ignore = !hasBrowser();

/** Cheap, for tests that are not about guessing. */
const lowCost: Cost = { memoryKib: 64, passes: 1, lanes: 1 };
const password = "a long password";

type World = AsyncDisposable & {
  readonly rig: DebciRig;
  readonly url: string;
  readonly browser: Browser;
  /** A user with a password. */
  user(name: string, role: keyof typeof roles): Promise<void>;
  /** Signs in on the sign-in page. */
  signIn(
    name: string,
    options?: Parameters<Browser["newContext"]>[0],
  ): Promise<{ context: BrowserContext; page: Page; complaints: string[] }>;
  /** Asks over HTTP as a user, with the password. */
  ask(name: string, path: string, body?: string): Promise<number>;
};

async function startWorld(): Promise<World> {
  const rig = await startDebci({}, { auth: [basic(), session()] }, [prow()]);
  const { app, database } = rig.app;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    app.fetch,
  );
  const url = `http://localhost:${server.addr.port}`;
  const browser = await launch();
  return {
    rig,
    url,
    browser,
    async user(name, role) {
      const { account } = await app.store.accounts.ensure(
        "user",
        name,
        roles[role],
      );
      const hash = await hashPassword(password, newSalt(), lowCost);
      const now = rig.app.now();
      await database.batch([savePassword({ account, hash, now })]);
    },
    async signIn(name, options = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(`${url}/login`);
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL((at) => at.pathname !== "/login");
      return { context, page, complaints };
    },
    async ask(name, path, body) {
      const response = await rig.app.request(path, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
        body: body === undefined ? null : new URLSearchParams(body),
      });
      await response.body?.cancel();
      return response.status;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.shutdown();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** Whether a runner is given the test that waits. */
async function getsWork(rig: DebciRig, token: string): Promise<boolean> {
  const response = await rig.app.request("/runner/v1/claim", {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      claimId: crypto.randomUUID(),
      offers: [{ backend: ["autopkgtest"], arch: ["*"], suite: ["*"] }],
      waitSeconds: 0,
    }),
  });
  await response.body?.cancel();
  return response.status === 200;
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with script" : "without script";
  Deno.test({
    name: named(`a runner is paused, gets nothing, and is resumed, ${how}`),
    ignore,
    async fn() {
      await using world = await startWorld();
      const { rig } = world;
      await world.user("root", "admin");
      const token = await register(rig.app, "beta");
      await rig.ask({ package: "hello" });
      const { page, complaints } = await world.signIn("root", {
        javaScriptEnabled,
      });
      await page.getByRole("link", { name: "Admin" }).click();
      await page.getByRole("navigation", { name: "Admin" })
        .getByRole("link", { name: "Runners" }).click();
      await page.getByRole("button", { name: "Pause beta" }).click();
      const row = page.getByRole("row").filter({ hasText: "beta" });
      await row.getByText("drained").waitFor();
      assertEquals(await getsWork(rig, token), false);
      await row.getByRole("link", { name: "beta" }).click();
      assertStringIncludes(
        await page.getByRole("status").innerText(),
        "it can be stopped",
      );
      await page.getByRole("button", { name: "Resume beta" }).click();
      await page.getByText("It waits for work").waitFor();
      assertEquals(await getsWork(rig, token), true);
      assertEquals(complaints, []);
    },
  });

  Deno.test({
    name: named(`a role that is given holds from the next request on, ${how}`),
    ignore,
    async fn() {
      await using world = await startWorld();
      await world.user("root", "admin");
      await world.user("bob", "viewer");
      const path = "/api/v1/test/unstable/amd64/hello";
      assertEquals(await world.ask("bob", path, "is_private=true"), 403);
      const { page, complaints } = await world.signIn("root", {
        javaScriptEnabled,
      });
      await page.goto(`${world.url}/admin/users`);
      await page.getByLabel("Part of the name").fill("bo");
      await page.getByRole("button", { name: "Filter" }).click();
      await page.getByRole("link", { name: "bob" }).click();
      await page.getByLabel("Role").selectOption("trigger");
      await page.getByLabel("Only these jobs").fill("hel*");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("definition").getByText("jobs hel*").waitFor();
      assertEquals(await world.ask("bob", path, "is_private=true"), 201);
      const other = "/api/v1/test/unstable/amd64/other";
      assertEquals(await world.ask("bob", other, ""), 403);
      await page.getByRole("button", { name: "Disable" }).click();
      await page.getByRole("button", { name: "Enable" }).waitFor();
      assertEquals(await world.ask("bob", path, ""), 403);
      assertEquals(complaints, []);
    },
  });
}

Deno.test({
  name: named("a form of another page changes nothing for who is signed in"),
  ignore,
  async fn() {
    await using world = await startWorld();
    await world.user("root", "admin");
    await world.user("bob", "viewer");
    const { page } = await world.signIn("root");
    await page.goto(`${world.url}/admin/users/bob`);
    await page.evaluate(
      `document.querySelector('form[action$="/disable"] input').remove()`,
    );
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("not of a page that was made for you").waitFor();
    const bob = await world.rig.app.app.store.accounts.findByName(
      "user",
      "bob",
    );
    assertEquals(bob?.disabledAt, null);
  },
});

Deno.test({
  name: named(
    "the administration's pages are accessible and keep to their policy, in both themes, on a phone and on a large screen",
  ),
  ignore,
  async fn() {
    await using world = await startWorld();
    const { rig } = world;
    const { store } = rig.app.app;
    await world.user("root", "admin");
    const long = "a-user-with-a-rather-long-name-that-does-not-fit-on-a-phone";
    await world.user(long, "owner");
    const { account: group } = await store.accounts.ensure(
      "group",
      "bots",
      roles.trigger,
    );
    const owner = await store.accounts.findByName("user", long);
    assert(owner);
    await store.groups.addOwners(group.id, [owner]);
    await rig.ask({ package: "hello", user: long });
    await rig.ask({ package: "other", user: "carol", arch: "arm64" });
    const token = await register(
      rig.app,
      "worker-of-a-long-name-in-the-cellar",
    );
    assert(await getsWork(rig, token));
    const [runner, idle] = await store.runners.list(null);
    assert(runner && idle);
    await store.runners.pause(runner.id);
    for (const { id } of await store.runners.list(null)) {
      if (id !== runner.id) await store.runners.revoke(id);
    }
    const paths = [
      "/admin",
      "/admin/users",
      "/admin/users?q=nobody",
      "/admin/users/-/new",
      `/admin/users/${long}`,
      "/admin/groups",
      "/admin/groups/bots",
      "/admin/runners",
      `/admin/runners/${runner.id}`,
      "/admin/queues",
      "/admin/audit",
      "/admin/audit?since=soon",
    ];
    for (
      const [colorScheme, width] of [["light", 360], ["dark", 1920]] as const
    ) {
      const { page, complaints } = await world.signIn("root", {
        colorScheme,
        viewport: { width, height: 900 },
      });
      for (const path of paths) {
        await page.goto(world.url + path);
        const name = path.replace(runner.id, "ID");
        await assertWell(page, complaints, `${name} ${width} ${colorScheme}`);
      }
      await page.context().close();
    }
  },
});
