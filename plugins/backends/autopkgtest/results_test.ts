import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { roles } from "../../../core/permission.ts";
import type { Run } from "../../../core/run.ts";
import { openEmbedded } from "../../../db/embedded.ts";
import { type DebciRig, startDebci } from "../../../tests/debci.ts";

const full = z.object({
  results: z.array(z.looseObject({
    id: z.string(),
    state: z.string(),
    queue_position: z.number().nullable(),
    queued_seconds: z.number().nullable(),
    log_url: z.string().nullable(),
  })),
});

Deno.test("debci 37, 41: until is the second of the owner's last change, 0 when there are no tests", async () => {
  await using rig = await startDebci();
  assertEquals(await rig.list(), { until: 0, results: [] });
  await rig.run({ package: "bash" });
  const seconds = Math.floor(rig.app.now() / 1000);
  rig.app.advance(99_000);
  await rig.ask({ package: "dash", user: "bob" });
  const { until, results } = await rig.list();
  assertEquals([until, results.length], [seconds, 1]);
});

Deno.test("debci 38, 39: since leaves out what did not change, the rest comes by last change", async () => {
  await using rig = await startDebci();
  const first = await rig.ask({ package: "first" });
  rig.app.advance(1000);
  const second = await rig.ask({ package: "second" });
  rig.app.advance(1000);
  const since = Math.floor(rig.app.now() / 1000);
  await rig.end();
  const ids = async (query: string) =>
    (await rig.list(query)).results.map(({ run_id }) => run_id);
  assertEquals(await ids(""), [second, first]);
  assertEquals(await ids(`?since=${since}`), [first]);
});

Deno.test("debci 42: the list has the caller's own tests, private ones too, and nobody else's", async () => {
  await using rig = await startDebci();
  const own = await rig.run({ package: "bash", isPrivate: true });
  await rig.run({ package: "bash", user: "bob" });
  const { results } = await rig.list();
  assertEquals(results.map(({ run_id }) => run_id), [own]);
});

Deno.test("debci 43: what would be markup is escaped, in full results too", async () => {
  await using rig = await startDebci();
  await rig.run({ package: "bash" }, { version: "<b>&\u2028" });
  for (const query of ["", "?view=full"]) {
    const text = await rig.text(`/api/v1/test${query}`, 200, "alice");
    assert(text.includes('"version":"\\u003cb\\u003e\\u0026\\u2028"'));
  }
});

Deno.test("view=full adds id, state, place and time in the queue, and the log's URL", async () => {
  await using rig = await startDebci();
  const ended = await rig.run({ package: "bash" });
  await rig.ask({ package: "one" });
  await rig.ask({ package: "two" });
  rig.app.advance(5_000);
  const { results } = full.parse(
    JSON.parse(await rig.text("/api/v1/test?view=full", 200, "alice")),
  );
  const more = results.map((each) => [
    each.state,
    each.queue_position,
    each.queued_seconds,
    each.log_url,
  ]);
  assertEquals(more, [
    [
      "passed",
      null,
      null,
      `http://slipway.test/data/autopkgtest/unstable/amd64/b/bash/${ended}/log.gz`,
    ],
    ["queued", 1, 5, null],
    ["queued", 2, 5, null],
  ]);
  const run = await rig.app.app.store.runs.findByNumber(ended);
  assertEquals(results[0]?.id, run?.id);
});

Deno.test("HEAD of the list has its headers and no body", async () => {
  await using rig = await startDebci();
  await rig.run({ package: "bash" });
  const response = await rig.app.request("/api/v1/test", {
    method: "HEAD",
    user: "alice",
  });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(response.headers.get("auth-user"), "alice");
  assertEquals(await response.text(), "");
});

Deno.test("a list of many pages has each test once, in order", async () => {
  await using rig = await startDebci();
  await store(rig, 2_345);
  const { results } = await rig.list();
  assertEquals(results.length, 2_345);
  assertEquals(new Set(results.map(({ run_id }) => run_id)).size, 2_345);
});

Deno.test("a follower that polls since every 50 ms while 2,000 tests end sees each final state", async () => {
  const directory = await Deno.makeTempDir({ prefix: "slipway-follow-" });
  const database = openEmbedded(`${directory}/slipway.db`);
  {
    await using rig = await startDebci({}, { database, now: Date.now });
    const total = 2_000;
    await store(rig, total);
    await registerRunner(rig);
    const seen = new Map<number, string>();
    let since = 0;
    const ending = endAll(rig, total);
    const deadline = performance.now() + 120_000;
    while (seen.size < total && performance.now() < deadline) {
      const { until, results } = await rig.list(`?since=${since}`);
      for (const { run_id, status } of results) {
        if (status !== null) seen.set(run_id, status);
      }
      assert(until >= since, "until goes back");
      since = until;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await ending;
    assertEquals(seen.size, total);
    const stored = await rig.app.app.store.runs.list({});
    assertEquals(
      stored.filter((run) => seen.get(run.number) !== word(run)),
      [],
    );
  }
  await Deno.remove(directory, { recursive: true });
});

function word({ state }: Run): string {
  return state === "passed" ? "pass" : "fail";
}

/** Stores tests of alice that wait. */
async function store(rig: DebciRig, count: number): Promise<void> {
  const tests = Array.from(
    { length: count },
    (_, at) => ({ package: `package${at}` }),
  );
  const response = await rig.app.request("/api/v1/test/unstable/amd64", {
    method: "POST",
    user: "alice",
    body: new URLSearchParams({ tests: JSON.stringify(tests) }),
  });
  await response.body?.cancel();
  assertEquals(response.status, 201);
}

const runnerId = "runner-of-the-follower";

async function registerRunner({ app }: DebciRig): Promise<void> {
  await app.app.store.accounts.ensure("user", "runner", roles.viewer);
  await app.app.store.runners.register({
    id: runnerId,
    name: "many",
    offers: [{}],
    token: crypto.randomUUID(),
    version: "0",
  });
}

/** Ends every waiting test, 16 at a time. */
async function endAll({ app }: DebciRig, count: number): Promise<void> {
  const { attempts } = app.app.store;
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const attemptToken = crypto.randomUUID();
      const claim = {
        runnerId,
        claimId: crypto.randomUUID(),
        attemptToken,
        offers: [{
          backend: ["autopkgtest"],
          arch: ["*"],
          suite: ["*"],
        }],
      };
      const run = await attempts.claim(claim);
      assert(run);
      const fence = { runId: run.id, attemptToken };
      await attempts.start(fence);
      const exitCode = run.number % 3 === 0 ? 4 : 0;
      await attempts.finish(fence, { kind: "exited", exitCode }, {
        state: exitCode === 0 ? "passed" : "failed",
        message: "over",
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
