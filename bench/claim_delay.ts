/**
 * How long a request waits for its runner: from before an execution is
 * requested until a runner that waits for work holds it, all over HTTP.
 *
 * @module
 */
import { silentLog } from "../core/log.ts";
import { Client } from "../runner/client.ts";
import { systemClock } from "../runner/clock.ts";
import { print } from "../scripts/script.ts";
import { type Distribution, distributionOf } from "./distribution.ts";
import { executionRequest } from "./job.ts";
import { startTarget, type Target } from "./target.ts";

const samples = 500;
const warmUpSamples = 50;
const offers = [{ backend: ["prow"], cluster: ["*"] }];

await using target = await startTarget({
  database: "embedded",
  fill: { storedTests: 1000, queuedExecutions: 0 },
});
print(`
From an execution's request until a waiting runner holds it, in ms

|                       | count |   min |   p50 |   p95 |   p99 |   max |
| --------------------- | ----- | ----- | ----- | ----- | ----- | ----- |`);
printRow("bare POST, no claim", await measureFloor(target));
printRow("1 runner waits", await measure(target, 1));
printRow("100 runners wait", await measure(target, 100));

/** The same request to a bare server: what the way there and back takes. */
async function measureFloor(target: Target): Promise<Distribution> {
  return await sample(async () => {
    await post(target, `http://127.0.0.1:${target.floorPort}/500`);
    return performance.now();
  });
}

async function measure(
  target: Target,
  runners: number,
): Promise<Distribution> {
  const over = new AbortController();
  let assigned = Promise.withResolvers<number>();
  const waiting = Array.from(
    { length: runners },
    () =>
      runRunner(target, over.signal, () => assigned.resolve(performance.now())),
  );
  try {
    return await sample(async () => {
      assigned = Promise.withResolvers<number>();
      await post(target, `http://127.0.0.1:${target.port}/v1/executions`);
      return await assigned.promise;
    });
  } finally {
    over.abort();
    await Promise.all(waiting);
  }
}

/** Milliseconds until the moment that each call returns. Pauses meanwhile, so that every runner waits again. */
async function sample(
  untilWhen: () => Promise<number>,
): Promise<Distribution> {
  const delaysMs: number[] = [];
  for (let count = 0; count < warmUpSamples + samples; count++) {
    await systemClock.sleep(5 + 10 * Math.random());
    const startedAt = performance.now();
    const delayMs = await untilWhen() - startedAt;
    if (count >= warmUpSamples) delaysMs.push(delayMs);
  }
  return distributionOf(delaysMs);
}

/** Claims with the runner's own client, again and again. What it gets it leaves undone. */
async function runRunner(
  { port, fixture }: Target,
  over: AbortSignal,
  onAssigned: () => void,
): Promise<void> {
  const client = new Client({
    serverUrl: `http://127.0.0.1:${port}`,
    fetch: globalThis.fetch,
    clock: systemClock,
    now: Date.now,
    random: Math.random,
    log: silentLog,
  });
  while (!over.aborted) {
    const claim = { claimId: crypto.randomUUID(), offers, waitSeconds: 50 };
    try {
      const assignment = await client.claim(fixture.runner, claim, over);
      if (assignment !== null) onAssigned();
    } catch (error) {
      if (!over.aborted) throw error;
    }
  }
}

async function post({ fixture }: Target, url: string): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${fixture.token}` },
    body: JSON.stringify(executionRequest),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Cannot measure: ${answer.status} ${text}`);
}

function printRow(name: string, summary: Distribution): void {
  const { count, min, p50, p95, p99, max } = summary;
  const figures = [min, p50, p95, p99, max].map((ms) =>
    ms.toFixed(1).padStart(5)
  );
  print(
    `| ${
      [name.padEnd(21), String(count).padStart(5), ...figures].join(" | ")
    } |`,
  );
}
