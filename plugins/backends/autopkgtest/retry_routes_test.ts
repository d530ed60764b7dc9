import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  post,
  several,
  startDebci,
  stored,
} from "../../../tests/debci_requests.ts";

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

Deno.test("a browser without a credential is asked for one, a script is not", async () => {
  await using app = await startDebci();
  await post(app, `${several}/bash`);
  const asked = await app.request("/api/v1/retry/1", { headers: browser });
  assertEquals(asked.status, 401);
  assert(asked.headers.has("www-authenticate"));
  const script = await app.request("/api/v1/retry/1");
  assertEquals([script.status, script.headers.get("www-authenticate")], [
    403,
    null,
  ]);
});

Deno.test("the page's form goes where the page came from, and its answer is a page", async () => {
  await using app = await startDebci();
  await post(app, `${several}/bash`);
  const page = await app.request("/api/v1/retry/1", {
    user: "alice",
    headers: browser,
  });
  const text = await page.text();
  const [, action = ""] = /<form method="post" action="(.*?)"/.exec(text) ??
    [];
  const answer = await app.request(action, {
    method: "POST",
    user: "alice",
    headers: browser,
    body: new URLSearchParams(),
  });
  assertEquals(answer.status, 200);
  assertStringIncludes(await answer.text(), "<h1>Test 2 is queued</h1>");
  assertEquals((await stored(app)).length, 2);
});

Deno.test("the page warns of equal tests of the same owner that are not over", async () => {
  await using app = await startDebci();
  const body = (trigger: string) => ({
    tests: JSON.stringify([{ package: "bash", trigger }]),
  });
  for (const trigger of ["a", "a", "b"]) {
    await post(app, several, body(trigger));
  }
  await post(app, several, body("a"), "bob");
  const page = async (id: number) =>
    await (await app.request(`/api/v1/retry/${id}`, { user: "alice" })).text();
  assertStringIncludes(await page(1), "There are 2 pending jobs with the same");
  assertStringIncludes(await page(3), "There is 1 pending job with the same");
  for (const run of await stored(app)) {
    await app.request(`/v1/runs/${run.id}/cancel`, {
      method: "POST",
      user: run.owner.name,
    });
  }
  assertEquals((await page(1)).includes("pending"), false);
});

Deno.test("what was asked for is text on the page", async () => {
  await using app = await startDebci();
  const trigger = `<script>alert(1)</script>"'&`;
  const tests = JSON.stringify([{ package: "bash", trigger }]);
  await post(app, several, { tests });
  const page = await app.request("/api/v1/retry/1", { user: "alice" });
  assertStringIncludes(
    page.headers.get("content-security-policy") ?? "",
    "default-src 'none'",
  );
  assertStringIncludes(
    await page.text(),
    "<td><bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</bdi></td>",
  );
});
