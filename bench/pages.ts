/**
 * How long a reader waits for the HTML of a page over 100,000 runs that are over
 * and 10,000 that wait, on the embedded store.
 *
 * @module
 */
import { print } from "../scripts/script.ts";
import { distributionOf } from "./distribution.ts";
import { startTarget } from "./target.ts";

const warmUps = 10;
const repetitions = 100;

await using target = await startTarget({
  database: "embedded",
  fill: { storedTests: 100_000, queuedExecutions: 10_000 },
});
const paths = [
  "/",
  "/runs",
  "/runs?state=ended",
  "/runs?state=failed",
  "/runs?job=hello&state=ended",
  "/runs?owner=britney",
  "/runs?owner=nobody",
  "/runs?job=no-such-job",
  "/runs?backend=autopkgtest&before=60000",
  "/runs?from=2020-01-01&to=2037-01-01",
  `/runs/${target.fixture.executionId}`,
  "/runs/50000",
  "/docs",
];
print(`
| page                                     | p50 ms | p99 ms |  kB |
| ---------------------------------------- | ------ | ------ | --- |`);
for (const path of paths) {
  for (let turn = 0; turn < warmUps; turn++) await ask(path);
  const samples: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < repetitions; turn++) {
    const begun = performance.now();
    bytes = await ask(path);
    samples.push(performance.now() - begun);
  }
  const { p50, p99 } = distributionOf(samples);
  print(`| ${
    [
      path.replace(target.fixture.executionId, "ID").padEnd(40),
      p50.toFixed(1).padStart(6),
      p99.toFixed(1).padStart(6),
      (bytes / 1000).toFixed(0).padStart(3),
    ].join(" | ")
  } |`);
}

/** Reads a page; its size in bytes. */
async function ask(path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${target.port}${path}`, {
    headers: {
      accept: "text/html",
      authorization: `Bearer ${target.fixture.token}`,
    },
  });
  const bytes = (await answer.arrayBuffer()).byteLength;
  if (answer.status === 200) return bytes;
  throw new Error(`Cannot measure ${path}: it answers ${answer.status}`);
}
