import { assertEquals } from "@std/assert";
import * as z from "zod";
import { startTestApp } from "../../../tests/app.ts";
import { testBackend } from "../../../tests/conformance/backend.ts";
import { dummy } from "./mod.ts";

const runs = "http://slipway.test/dummy/v1/runs";

function post(body: BodyInit, type = "application/json"): Request {
  return new Request(runs, {
    method: "POST",
    headers: { "content-type": type },
    body,
  });
}

function ask(body: unknown): Request {
  return post(JSON.stringify(body));
}

testBackend("dummy", dummy(), {
  valid: [
    ask({ do: { exit: 0 } }),
    ask({ job: "sleepy", do: { sleepSeconds: 1 }, labels: { colour: "red" } }),
    ask({ do: { command: ["true"] }, priority: 5, isPrivate: true }),
  ],
  invalid: [
    post("{"),
    post("a=b", "application/x-www-form-urlencoded"),
    ask(null),
    ask({}),
    ask({ do: { exit: 256 } }),
    ask({ do: { exit: 0, sleepSeconds: 1 } }),
    ask({ do: { command: [] } }),
    ask({ do: { exit: 0 }, colour: "red" }),
    ask({ do: { exit: 0 }, labels: { colour: "" } }),
    new Request(`${runs}/no-such-run`),
  ],
});

const runSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  message: z.string().nullable(),
});

Deno.test("a dummy run can be followed and cancelled", async () => {
  await using app = await startTestApp([dummy()]);
  const user = "alice";
  const made = await app.request("/dummy/v1/runs", {
    user,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ job: "a", do: { exit: 0 } }),
  });
  assertEquals(made.status, 201);
  const { id, state } = runSchema.parse(await made.json());
  assertEquals(state, "queued");
  const path = `/dummy/v1/runs/${id}`;
  const shown = await app.request(path, { user });
  assertEquals(runSchema.parse(await shown.json()).id, id);
  await app.request(`${path}/cancel`, { user, method: "POST" });
  const ended = await app.request(path, { user });
  assertEquals(runSchema.parse(await ended.json()).state, "aborted");
});
