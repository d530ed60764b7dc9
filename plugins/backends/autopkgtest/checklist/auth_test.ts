import { assertEquals, assertMatch } from "@std/assert";
import { boot } from "../../../../boot.ts";
import { silentLog } from "../../../../core/log.ts";
import { readSettings } from "../../../../core/settings.ts";
import { makeDataFolder } from "../../../../scripts/testing.ts";
import {
  answer,
  checkLines,
  post,
  several,
} from "../../../../tests/debci_requests.ts";

const auth = "/api/v1/auth";
const invalid: [number, string] = [403, "Invalid key\n"];

checkLines([
  [1, "a bad key is 403", async (app) => {
    const headers = { "test-user": "nobody-99" };
    assertEquals(await answer(app.request(auth, { headers })), invalid);
  }],
  [2, "a good key is 200 and names its user", async (app) => {
    const response = await app.request(auth, { user: "alice" });
    assertEquals(response.headers.get("auth-user"), "alice");
    assertEquals(await answer(response), [200, ""]);
  }],
  [3, "no key, or an empty one, is 403 with debci's text", async (app) => {
    assertEquals(await answer(app.request(auth)), invalid);
    const headers = { "test-user": "" };
    assertEquals(await answer(app.request(auth, { headers })), invalid);
  }],
  [4, "a refusal names its user too", async (app) => {
    const paths = [`${several}/foo=bar`, "/api/v1/nope", several];
    for (const path of paths) {
      const response = await post(app, path);
      await response.body?.cancel();
      assertEquals(response.status >= 400, true, path);
      // Who asks is found out by a route; a path that is none asks nobody.
      const known = path === "/api/v1/nope" ? null : "alice";
      assertEquals(response.headers.get("auth-user"), known, path);
    }
  }],
]);

Deno.test("debci 5: the key that the operator's command prints signs in, and no other", async () => {
  await using data = await makeDataFolder();
  const { code, stdout } = await data.run("key.ts", ["--user", "alice"]);
  assertEquals(code, 0);
  assertMatch(stdout, /^[0-9a-f-]{36}\n$/);
  const booted = boot(readSettings({ SLIPWAY_DATA: data.path }), {
    log: silentLog,
  });
  const status = async (key: string) => {
    const response = await booted.app.fetch(
      new Request(`http://slipway.test${auth}`, {
        headers: { "auth-key": key },
      }),
    );
    await response.body?.cancel();
    return response.status;
  };
  const key = stdout.trim();
  assertEquals([await status(key), await status(key.toUpperCase())], [
    200,
    403,
  ]);
  booted.release();
});
