import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startTestApp, type TestApp } from "../../tests/app.ts";
import { testBackend } from "../../tests/conformance/backend.ts";
import { assertHarmless, readPage } from "../../tests/pages.ts";
import githubActions from "./mod.ts";

const repository = "http://slipway.test/repos/octo/hello";

const workflow = `
name: <b>Greeting</b>
on:
  workflow_dispatch:
    inputs: {who: {required: true, description: "\u202ewhom"}}
jobs:
  greet:
    runs-on: any
    steps: [{run: 'echo "Hello $WHO"', env: {WHO: "\${{ inputs.who }}"}}]
`;

function saving(text: string, file = "greet.yml"): Request {
  return new Request(`${repository}/contents/.github/workflows/${file}`, {
    method: "PUT",
    body: JSON.stringify({
      message: "Greet",
      content: new TextEncoder().encode(text).toBase64(),
    }),
  });
}

function dispatch(body: unknown, file = "greet.yml"): Request {
  return new Request(`${repository}/actions/workflows/${file}/dispatches`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function send(app: TestApp, request: Request, role?: "admin") {
  return await app.request(new URL(request.url).pathname, {
    method: request.method,
    body: await request.text() || null,
    user: role === undefined ? "alice" : "root",
    ...role && { role },
  });
}

async function seed(app: TestApp): Promise<void> {
  const response = await send(app, saving(workflow), "admin");
  assertEquals(response.status, 201, await response.text());
}

testBackend("github_actions", githubActions(), {
  folder: new URL("./", import.meta.url),
  seed,
  valid: [
    dispatch({ ref: "main", inputs: { who: "you" } }),
    dispatch({ ref: "v1", inputs: { who: 5 }, return_run_details: true }, "1"),
  ],
  invalid: [
    dispatch("{"),
    dispatch({ inputs: { who: "you" } }),
    dispatch({ ref: "main" }),
    dispatch({ ref: "main", inputs: { who: "you", whom: "x" } }),
    dispatch({ ref: "main", inputs: { who: "you" } }, "other.yml"),
    saving("on: push", "ci.yml"),
    saving(workflow, "ci.txt"),
    new Request(`${repository}/actions/runs/99`),
  ],
});

Deno.test("a dispatched run is told as GitHub tells it, and cancelled once", async () => {
  await using app = await startTestApp([githubActions()]);
  await seed(app);
  const again = await send(app, saving(workflow), "admin");
  assertEquals([again.status, await again.text() !== ""], [200, true]);
  const made = await send(
    app,
    dispatch({
      ref: "main",
      inputs: { who: "you" },
      return_run_details: true,
    }),
  );
  assertEquals(await made.json(), {
    workflow_run_id: 1,
    run_url: "http://slipway.test/repos/octo/hello/actions/runs/1",
    html_url: "http://slipway.test/runs/1",
  });
  const user = "alice";
  const list = await app.request(
    "/repos/octo/hello/actions/workflows/greet.yml/runs",
    { user },
  );
  const { total_count, workflow_runs: [run] } = await list.json();
  assertEquals([total_count, run.status, run.conclusion, run.head_branch], [
    1,
    "queued",
    null,
    "main",
  ]);
  const path = "/repos/octo/hello/actions/runs/1";
  const stop = (user: string) =>
    app.request(`${path}/cancel`, { method: "POST", user });
  for (
    const [who, status] of [["bob", 403], [user, 202], [user, 409]] as const
  ) {
    const response = await stop(who);
    await response.body?.cancel();
    assertEquals(response.status, status);
  }
  const ended = await app.request(path, { user });
  assertEquals((await ended.json()).conclusion, "cancelled");
  const rerun = await app.request(`${path}/rerun`, { method: "POST", user });
  assertEquals([rerun.status, await rerun.text()], [201, "{}"]);
  const second = await app.app.store.runs.findByNumber(2);
  assertEquals(second?.request.inputs, { who: "you" });
  const elsewhere = await app.request("/repos/octo/other/actions/runs/1", {
    user,
  });
  assertEquals(elsewhere.status, 404);
  assertEquals((await elsewhere.json()).message, "Not Found");
});

Deno.test("its pages run a workflow, keep what was typed, and hold nothing but text", async () => {
  await using app = await startTestApp([githubActions()]);
  await seed(app);
  const world = { app };
  const list = await readPage(world, "/workflows", "alice");
  assertHarmless(list);
  assertStringIncludes(list.text, "<b>Greeting</b>");
  const path = "/workflows/octo/hello/greet.yml";
  const form = await readPage(world, path, "alice");
  assertHarmless(form);
  const post = (fields: Record<string, string>) =>
    app.request(path, {
      method: "POST",
      user: "alice",
      headers: {
        accept: "text/html",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(fields).toString(),
    });
  const refused = await post({ ref: "topic", who: "" });
  assertEquals(refused.status, 400);
  const text = await refused.text();
  assertStringIncludes(text, "Required input &#39;who&#39; not provided");
  assertStringIncludes(text, 'value="topic"');
  const made = await post({ ref: "topic", who: "<i>" });
  assertEquals([made.status, made.headers.get("location")], [303, "/runs/1"]);
  await made.body?.cancel();
  const run = await readPage(world, "/runs/1", "alice");
  assertHarmless(run);
  for (const fact of ["octo/hello", "greet.yml", "topic", "<i>"]) {
    assertStringIncludes(run.text, fact);
  }
  assert(run.html.includes(`href="${path}"`));
  const nobody = await readPage(world, path);
  assertEquals(nobody.status, 303);
});
