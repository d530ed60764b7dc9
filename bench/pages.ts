/**
 * How long a reader waits for the HTML of a page over 100,000 runs that are over
 * and 10,000 that wait, on the embedded store: once each run is like the others,
 * of one owner, package and place, and once they are as different as in use.
 *
 * @module
 */
import { print } from "../scripts/script.ts";
import { distributionOf } from "./distribution.ts";
import { startTarget, type Target } from "./target.ts";

const warmUps = 10;
const repetitions = 100;

const alike = [
  "/",
  "/runs",
  "/runs?state=ended",
  "/runs?state=waiting",
  "/runs?state=failed",
  "/runs?job=hello",
  "/runs?job=hello&state=ended",
  "/runs?job=hello&state=waiting",
  "/runs?job=no-such-job",
  "/runs?owner=britney",
  "/runs?owner=britney&state=failed",
  "/runs?owner=britney&backend=prow",
  "/runs?owner=nobody",
  "/runs?suite=unstable",
  "/runs?suite=unstable&arch=amd64&state=ended",
  "/runs?suite=unstable&state=waiting",
  "/runs?suite=testing",
  "/runs?suite=unstable&owner=britney",
  "/runs?suite=unstable&owner=ci",
  "/runs?suite=unstable&job=hello&owner=britney",
  "/runs?repo=no-such/repo",
  "/runs?backend=autopkgtest&before=60000",
  "/runs?backend=prow",
  "/runs?from=2020-01-01&to=2037-01-01",
  "/runs?suite=unstable&from=2020-01-01&to=2037-01-01",
  "/runs/bulk?action=cancel",
  "/runs/bulk?action=retry&suite=unstable",
  "/runs/EXECUTION",
  "/runs/50000",
  "/docs",
];

const varied = [
  "/",
  "/runs",
  "/runs?state=failed",
  "/runs?state=errored",
  "/runs?job=package7",
  "/runs?job=package7&suite=unstable",
  "/runs?owner=britney",
  "/runs?owner=al",
  "/runs?owner=al&suite=stable&arch=riscv64",
  "/runs?suite=unstable",
  "/runs?suite=unstable&state=failed",
  "/runs?suite=unstable&state=errored",
  "/runs?arch=arm64",
  "/runs?arch=arm64&suite=testing&state=ended",
  "/runs?arch=arm64&owner=britney",
  "/runs?repo=org7",
  "/runs?repo=org7/repo7",
  "/runs?repo=org7&state=waiting",
  "/runs?repo=org7&owner=britney",
];

await measure("alike", alike, false);
await measure("varied", varied, true);

async function measure(
  name: string,
  paths: readonly string[],
  isVaried: boolean,
): Promise<void> {
  await using target = await startTarget({
    database: "embedded",
    fill: { storedTests: 100_000, queuedExecutions: 10_000, isVaried },
  });
  print(`
| ${`runs that are ${name}`.padEnd(51)} | p50 ms | p99 ms |  kB |
| --------------------------------------------------- | ------ | ------ | --- |`);
  for (const path of paths) {
    for (let turn = 0; turn < warmUps; turn++) await ask(target, path);
    const samples: number[] = [];
    let bytes = 0;
    for (let turn = 0; turn < repetitions; turn++) {
      const begun = performance.now();
      bytes = await ask(target, path);
      samples.push(performance.now() - begun);
    }
    const { p50, p99 } = distributionOf(samples);
    const cells = [
      path.padEnd(51),
      p50.toFixed(1).padStart(6),
      p99.toFixed(1).padStart(6),
      (bytes / 1000).toFixed(0).padStart(3),
    ];
    print(`| ${cells.join(" | ")} |`);
  }
}

/** Reads a page; its size in bytes. */
async function ask(
  { port, fixture }: Target,
  template: string,
): Promise<number> {
  const path = template.replace("EXECUTION", fixture.executionId);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: {
      accept: "text/html",
      authorization: `Bearer ${fixture.token}`,
    },
  });
  const bytes = (await answer.arrayBuffer()).byteLength;
  if (answer.status === 200) return bytes;
  throw new Error(`Cannot measure ${path}: it answers ${answer.status}`);
}
