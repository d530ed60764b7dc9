import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { user } from "../../../tests/gangway.ts";
import { startProwWorld } from "../../../tests/prow_world.ts";

const hello = { job_name: "periodic-hello", job_execution_type: "1" };

Deno.test("an execution is followed to its end by ?wait alone", async () => {
  await using world = await startProwWorld();
  let { id, job_status: status } = await world.create(hello);
  for (let asked = 0; !["SUCCESS", "FAILURE"].includes(status); asked++) {
    const response = await world.app.request(
      `/v1/executions/${id}?wait=10`,
      { user },
    );
    ({ id, job_status: status } = await response.json());
    // TRIGGERED, PENDING twice (claimed, running), and the end.
    assertEquals(asked < 5, true, "it answers only when something has changed");
  }
  assertEquals(status, "SUCCESS");
});

Deno.test("an execution's events end with its end, after its whole log", async () => {
  await using world = await startProwWorld();
  const { id } = await world.create(hello);
  const response = await world.app.request(
    `/v1/executions/${id}/events`,
    { user },
  );
  const events = (await response.text()).trim().split("\n\n");
  assertStringIncludes(events.at(-1) ?? "", '"job_status":"SUCCESS"');
  const log = events.filter((event) => event.includes("event: log"));
  assertMatch(log.join(""), /Hello from periodic-hello/);
});

Deno.test("a wait that is no time is a 400 in the dialect, an unknown execution a 404", async () => {
  await using world = await startProwWorld();
  const { id } = await world.create(hello);
  const paths = {
    [`/v1/executions/${id}?wait=soon`]: [400, "3"],
    "/v1/executions/x/events": [404, "5"],
  };
  for (const [path, expected] of Object.entries(paths)) {
    const response = await world.app.request(path, { user });
    await response.body?.cancel();
    assertEquals(
      [response.status, response.headers.get("grpc-status")],
      expected,
    );
  }
});

Deno.test("curl --retry with an Idempotency-Key starts one execution, and gets its answer twice", async () => {
  await using world = await startProwWorld();
  const post = async () => {
    const response = await world.app.request("/v1/executions", {
      method: "POST",
      user,
      headers: { "idempotency-key": "nightly-2026-11-22" },
      body: JSON.stringify(hello),
    });
    return {
      body: await response.text(),
      replayed: response.headers.get("idempotency-replayed"),
      location: response.headers.get("location"),
    };
  };
  const [first, again] = [await post(), await post()];
  assertEquals(again, { ...first, replayed: "true" });
  assertEquals((await world.app.app.store.runs.list({})).length, 1);
});
