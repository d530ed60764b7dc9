import { assertEquals, assertMatch } from "@std/assert";
import { readPage, startPages } from "./pages.ts";

Deno.test("a form that is sent twice, as by a double click, starts its work once, and leads to the same run", async () => {
  await using rig = await startPages();
  const number = await rig.run({ package: "again" }, { exitCode: 4 });
  const send = async (path: string) => {
    const response = await rig.app.request(path, {
      user: "alice",
      method: "POST",
      headers: { accept: "text/html" },
      body: new URLSearchParams(),
    });
    await response.body?.cancel();
    assertEquals(response.status, 303);
    return response.headers.get("location");
  };
  const { document } = await readPage(rig, `/runs/${number}`, "alice");
  const action = document.querySelector('form[action*="/retry"]')
    ?.getAttribute("action") ?? "";
  assertMatch(action, /^\/runs\/1\/retry\?once=[\da-f-]{36}$/);
  const both = await Promise.all([send(action), send(action)]);
  assertEquals(both, ["/runs/2", "/runs/2"]);
  assertEquals(await send(action), "/runs/2");
  // The form of a page that was loaded anew is another one.
  assertEquals(await send(`/runs/${number}/retry?once=another`), "/runs/3");
});

Deno.test("a form that had to be mended, or says something else, is another request", async () => {
  await using rig = await startPages();
  const send = async (fields: Record<string, string>) => {
    const response = await rig.app.request(
      "/user/alice/test/submit?once=a-form",
      {
        user: "alice",
        method: "POST",
        headers: { accept: "text/html" },
        body: new URLSearchParams({
          suite: "unstable",
          "arch[]": "amd64",
          ...fields,
        }),
      },
    );
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await send({ package: "" }), 400);
  assertEquals(await send({ package: "" }), 400);
  assertEquals(await send({ package: "hello" }), 303);
  assertEquals(await send({ package: "hello" }), 303);
  assertEquals(await send({ package: "other" }), 303);
  const runs = await rig.app.app.store.runs.list({ limit: 10 });
  assertEquals(runs.map(({ job }) => job), ["other", "hello"]);
});
