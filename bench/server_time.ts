/**
 * What a request costs the server: CPU time of its whole process, beside that
 * of the same request to a bare `Deno.serve`. What the caller spends, and time
 * that the disk takes, is not in it.
 *
 * @module
 */
import { print } from "../scripts/script.ts";
import { Asker, floorOf } from "./asker.ts";
import { type HotPath, hotPaths } from "./hot_path.ts";
import { startTarget, type Target } from "./target.ts";

const atOnce = 8;
const rounds = 250;
const warmUpRounds = 60;

await using target = await startTarget({
  database: "embedded",
  fill: { storedTests: 20_000, queuedExecutions: 10_000 },
});
print(`
CPU time of the server per request, ${
  rounds * atOnce
} requests, ${atOnce} at once

| request                     | Slipway |   floor | ratio | per core and second |
| --------------------------- | ------- | ------- | ----- | ------------------- |`);
for (const path of hotPaths(target)) {
  const floor = await cost(target.floorPort, await floorOf(path, target));
  const own = await cost(target.port, path);
  print(`| ${
    [
      path.name.padEnd(27),
      `${own.toFixed(0).padStart(4)} µs`,
      `${floor.toFixed(0).padStart(4)} µs`,
      (own / floor).toFixed(1).padStart(5),
      (1e6 / own).toFixed(0).padStart(19),
    ].join(" | ")
  } |`);
}

/** µs of CPU per request. */
async function cost(port: number, path: HotPath): Promise<number> {
  using asker = await Asker.open(port, atOnce);
  for (let round = 0; round < warmUpRounds; round++) await asker.ask(path);
  const before = await cpuMicroseconds(target);
  for (let round = 0; round < rounds; round++) await asker.ask(path);
  const after = await cpuMicroseconds(target);
  return (after - before) / (rounds * atOnce);
}

async function cpuMicroseconds({ floorPort }: Target): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${floorPort}/cpu`);
  return Number(await answer.text());
}
