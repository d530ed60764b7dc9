import { assert } from "@std/assert";
import type { Json } from "../../../core/json.ts";
import { post, startGangway } from "../../../tests/gangway.ts";

/** A generator of numbers in [0, 1) that repeats itself for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const names = [
  "job_name",
  "jobName",
  "job_execution_type",
  "refs",
  "org",
  "repo",
  "base_ref",
  "baseSha",
  "pulls",
  "sha",
  "number",
  "clone_depth",
  "work_dir",
  "pod_spec_options",
  "podSpecOptions",
  "envs",
  "labels",
  "annotations",
  "prow.k8s.io/gerrit-revision",
  "__proto__",
  "constructor",
  "",
];
const scalars: readonly Json[] = [
  null,
  true,
  0,
  1,
  -1,
  2.5,
  3,
  4,
  9,
  1e308,
  "",
  "1",
  "3",
  "hello",
  "twice",
  "PERIODIC",
  "POSTSUBMIT",
  "a".repeat(40),
  "\u0000",
  "\ud800",
  "é\n%",
];

function anyJson(random: () => number, depth: number): Json {
  const pick = <T>(items: readonly T[]): T | undefined =>
    items[Math.floor(random() * items.length)];
  const size = Math.floor(random() * 6);
  const kind = depth > 4 ? 0 : random();
  if (kind < 0.3) return pick(scalars) ?? null;
  if (kind < 0.4) {
    return Array.from({ length: size }, () => anyJson(random, depth + 1));
  }
  return Object.fromEntries(
    Array.from(
      { length: size + 1 },
      () => [pick(names) ?? "", anyJson(random, depth + 1)],
    ),
  );
}

Deno.test("no JSON value at all as the body of a create call gives a 5xx", async () => {
  await using app = await startGangway();
  const random = randomNumbers(20260203);
  const statuses = new Map<number, number>();
  for (let turn = 0; turn < 2000; turn++) {
    const value = anyJson(random, 0);
    const path = turn % 2 === 0 ? "/v1/executions" : "/v1/executions/hello";
    const response = await post(app, path, JSON.stringify(value));
    const text = await response.text();
    assert(
      response.status < 500,
      `${response.status} to ${JSON.stringify(value)}: ${text}`,
    );
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  }
  // Bodies that get through are among them, or the test would show little.
  assert((statuses.get(200) ?? 0) > 0, JSON.stringify([...statuses]));
});
