import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Backend } from "../../core/backend.ts";
import { isEnd, type Run } from "../../core/run.ts";
import type { TestApp } from "../app.ts";

/**
 * What a retry must do, where the backend has one: each run, once it is over,
 * is asked for again from its page, and the new run is another one for the
 * same; strangers are refused or make a run of the owner's, and GET makes none.
 */
export async function assertRetried(
  app: TestApp,
  { name }: Backend,
  run: Run,
  user: string,
): Promise<void> {
  const { store } = app.app;
  const path = `/runs/${run.number}/retry`;
  if (!isEnd(run.state)) {
    const early = await app.request(path, { method: "POST", user });
    await early.body?.cancel();
    assertEquals(early.status, 409, "it is not over");
    const cancel = `/v1/runs/${run.id}/cancel`;
    const cancelled = await app.request(cancel, { method: "POST", user });
    await cancelled.body?.cancel();
    assert(cancelled.ok);
  }
  const got = await app.request(path, { user });
  await got.body?.cancel();
  assertEquals(got.status, 405);
  const answer = await app.request(path, { method: "POST", user });
  const text = await answer.text();
  // A run that was refused from its start is refused again.
  if (answer.status === 403) return assertMatch(text, /\w/);
  assertEquals(answer.status, 303, text);
  const number = /^\/runs\/(\d+)$/.exec(
    answer.headers.get("location") ?? "",
  )?.[1];
  const made = await store.runs.findByNumber(Number(number));
  assert(made !== null && made.number !== run.number);
  assertEquals(
    [made.backend, made.job, made.labels, made.isPrivate, made.owner],
    [name, run.job, run.labels, run.isPrivate, run.owner],
  );
  assertEquals([made.state, made.attempt], ["queued", 0]);
  const stranger = await app.request(path, { method: "POST", user: "mallory" });
  await stranger.body?.cancel();
  const expected = run.isPrivate ? [404] : [303, 403];
  assert(expected.includes(stranger.status), `${stranger.status}`);
}
