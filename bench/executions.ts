/**
 * Executions in numbers: created by 1, 32 and 256 clients, listed out of
 * 100,000, and the log of one as it streams in through the runner's shipper.
 *
 * @module
 */
import { silentLog } from "../core/log.ts";
import type { Assignment } from "../core/protocol.ts";
import { Client } from "../runner/client.ts";
import { systemClock } from "../runner/clock.ts";
import { LogShipper } from "../runner/log_shipper.ts";
import { print } from "../scripts/script.ts";
import { Connection, type Exchange } from "./connection.ts";
import { distributionOf } from "./distribution.ts";
import { executionRequest } from "./job.ts";
import { startTarget, type Target } from "./target.ts";

const rareJob = "periodic-e2e-7";
const rareExecutions = 100;
const logMegabytes = 45;

await using target = await startTarget({
  database: "embedded",
  fill: { storedTests: 1000, queuedExecutions: 100_000 },
});
const authorization = `Bearer ${target.fixture.token}`;

print(`
| request                                    | clients | per second |  p50 ms |  p99 ms |
| ------------------------------------------ | ------- | ---------- | ------- | ------- |`);
for (
  const [clients, requests] of [[1, 500], [32, 4_000], [256, 8_000]] as const
) {
  await load(
    "POST execution, bare server",
    target.floorPort,
    { ...create(), path: "/200" },
    clients,
    requests,
  );
  await load("POST execution", target.port, create(), clients, requests);
}
await load("(filling)", target.port, create(rareJob), 1, rareExecutions);
await load(
  `GET list of ${rareExecutions} by job, of 100,000`,
  target.port,
  get(`?job_name=${rareJob}`),
  1,
  200,
);
await load(
  "GET list by job and status, none",
  target.port,
  get(`?job_name=${rareJob}&status=SUCCESS`),
  1,
  200,
);
print(
  `\nLog through the runner's shipper: ${
    (await ingest(target)).toFixed(1)
  } MB/s\n`,
);

function create(jobName = executionRequest.job_name): Exchange {
  const body = JSON.stringify({ ...executionRequest, job_name: jobName });
  return {
    method: "POST",
    path: "/v1/executions",
    headers: { authorization, "content-type": "application/json" },
    body,
  };
}

function get(query: string): Exchange {
  return {
    method: "GET",
    path: `/v1/executions${query}`,
    headers: { authorization },
  };
}

/** So many clients, each asking again as soon as it is answered. */
async function load(
  name: string,
  port: number,
  exchange: Exchange,
  clients: number,
  requests: number,
): Promise<void> {
  const connections = await Promise.all(
    Array.from({ length: clients }, () => Connection.open(port)),
  );
  const waitedMs: number[] = [];
  let left = requests;
  const startedAt = performance.now();
  await Promise.all(connections.map(async (connection) => {
    while (left-- > 0) {
      const askedAt = performance.now();
      const { status, body } = await connection.ask(exchange);
      if (status !== 200) {
        throw new Error(
          `Cannot measure ${name}: ${status} ${new TextDecoder().decode(body)}`,
        );
      }
      waitedMs.push(performance.now() - askedAt);
    }
  }));
  const perSecond = requests / ((performance.now() - startedAt) / 1000);
  for (const connection of connections) connection[Symbol.dispose]();
  const { p50, p99 } = distributionOf(waitedMs);
  const figures = [
    String(clients).padStart(7),
    perSecond.toFixed(0).padStart(10),
    p50.toFixed(1).padStart(7),
    p99.toFixed(1).padStart(7),
  ];
  print(`| ${[name.padEnd(42), ...figures].join(" | ")} |`);
}

/** Megabytes a second, durable: the shipper's last byte is acknowledged after its commit. */
async function ingest({ port, fixture }: Target): Promise<number> {
  const clock = systemClock;
  const client = new Client({
    serverUrl: `http://127.0.0.1:${port}`,
    fetch: globalThis.fetch,
    clock,
    now: Date.now,
    random: Math.random,
    log: silentLog,
  });
  const over = new AbortController();
  const claim = {
    claimId: crypto.randomUUID(),
    offers: [{ backend: ["prow"], cluster: ["*"] }],
    waitSeconds: 1,
  };
  const assignment: Assignment | null = await client.claim(
    fixture.runner,
    claim,
    over.signal,
  );
  if (assignment === null) {
    throw new Error("Cannot measure: there is nothing to claim");
  }
  await client.start(assignment);
  const shipper = new LogShipper({
    send: (start, bytes) => client.log(assignment, start, bytes, over.signal),
    heed: () => {},
    onFailure: (error) => print(String(error)),
    flushMs: 500,
    clock,
    random: Math.random,
  });
  const line = new TextEncoder().encode(
    "2026-11-22T04:05:06Z INFO e2e: waiting for the cluster to settle\n".repeat(
      1000,
    ),
  );
  const startedAt = performance.now();
  let written = 0;
  while (written < logMegabytes * 1e6) {
    await shipper.write(line);
    written += line.byteLength;
  }
  const stored = await shipper.finish();
  return stored / 1e6 / ((performance.now() - startedAt) / 1000);
}
