import { assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { assignmentSchema, registrationSchema } from "../core/protocol.ts";
import type { End } from "../core/run.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

async function send(
  test: TestApp,
  method: string,
  path: string,
  token: string,
  body: unknown,
) {
  const response = await test.request(`/runner/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** A run that a runner has claimed; `report` says how it ended. */
async function claimed() {
  const test = await startTestApp([dummy()]);
  const made = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: "alice",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 } }),
  });
  await made.body?.cancel();
  const offers = [{ backend: ["dummy"] }];
  const runner = { name: "a\0b", version: "0", offers };
  const registered = await send(test, "POST", "/register", runnerToken, runner);
  const { token } = registrationSchema.parse(JSON.parse(registered.text));
  const claim = { claimId: crypto.randomUUID(), offers, waitSeconds: 0 };
  const answer = await send(test, "POST", "/claim", token, claim);
  const { run, attemptToken } = assignmentSchema.parse(JSON.parse(answer.text));
  return {
    report: (end: unknown) =>
      send(test, "PUT", `/runs/${run.id}/result`, attemptToken, {
        end,
        logBytes: 0,
      }),
    find: async () => await test.app.store.runs.find(run.id),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

const facts = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, at]));

const unacceptable: readonly (readonly [unknown, string])[] = [
  [{ kind: "timed_out", timeoutSeconds: -1 }, "end.timeoutSeconds"],
  [{ kind: "timed_out", timeoutSeconds: null }, "end.timeoutSeconds"],
  [{ kind: "exited", exitCode: 256 }, "end.exitCode"],
  [{ kind: "exited", exitCode: 0, facts: facts(101) }, "end.facts"],
  [
    { kind: "exited", exitCode: 0, facts: { ["x".repeat(101)]: 1 } },
    "end.facts",
  ],
  [
    { kind: "exited", exitCode: 0, facts: { a: "x".repeat(10_001) } },
    "end.facts.a",
  ],
  [
    { kind: "exited", exitCode: 0, facts: { a: Array(1_001).fill(1) } },
    "end.facts.a",
  ],
  [{ kind: "exited", exitCode: 0, facts: { a: { b: 1 } } }, "end.facts.a"],
  [{ kind: "not_started", reason: "x".repeat(10_001) }, "end.reason"],
  [{ kind: "lost" }, "end.kind"],
];

for (const [end, field] of unacceptable) {
  Deno.test(`an end is refused that is ${JSON.stringify(end).slice(0, 80)}, and the run goes on`, async () => {
    await using attempt = await claimed();
    const { status, text } = await attempt.report(end);
    const { detail } = z.object({ detail: z.string() }).parse(JSON.parse(text));
    assertEquals(status, 400);
    assertStringIncludes(detail, `Cannot read the request: ${field}`);
    assertEquals((await attempt.find())?.state, "claimed");
  });
}

Deno.test("the largest facts are kept", async () => {
  await using attempt = await claimed();
  const end: End = { kind: "exited", exitCode: 0, facts: facts(100) };
  assertEquals((await attempt.report(end)).status, 200);
  assertEquals((await attempt.find())?.end, end);
});

Deno.test("what a program printed into a reason or a fact ends the run all the same, without what the store cannot hold", async () => {
  await using first = await claimed();
  const reason = "bad\0byte and half \ud83d";
  assertEquals(
    (await first.report({ kind: "not_started", reason })).status,
    200,
  );
  const run = await first.find();
  assertEquals(run?.end, {
    kind: "not_started",
    reason: "bad\ufffdbyte and half \ufffd",
  });
  assertStringIncludes(run?.message ?? "", "bad\ufffdbyte");
  await using second = await claimed();
  const exited: End = { kind: "exited", exitCode: 0, facts: { a: ["\0"] } };
  assertEquals((await second.report(exited)).status, 200);
  assertEquals((await second.find())?.end, {
    ...exited,
    facts: { a: ["\ufffd"] },
  });
});
