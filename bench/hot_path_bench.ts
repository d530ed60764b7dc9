/**
 * What a request costs who asks, beside the same request to a bare
 * `Deno.serve` in the same process.
 *
 * @module
 */
import { Asker, floorOf } from "./asker.ts";
import { type HotPath, hotPaths } from "./hot_path.ts";
import { startTarget, type Target } from "./target.ts";

const embedded = await startTarget({
  database: "embedded",
  fill: { storedTests: 100_000, queuedExecutions: 10_000 },
});
const sqld = await startTarget({
  database: "sqld",
  fill: { storedTests: 200, queuedExecutions: 500 },
});
addEventListener("unload", () => {
  embedded.stop();
  sqld.stop();
});

for (const path of hotPaths(embedded)) {
  await measure(embedded, path, { count: 1500 });
  if (path.name === "POST execution") {
    await measure(embedded, path, { count: 200, atOnce: 32 });
  }
}
for (const path of hotPaths(sqld)) {
  if (!path.name.startsWith("POST")) continue;
  await measure(sqld, path, { count: 200, where: " on sqld" });
}

async function measure(
  target: Target,
  path: HotPath,
  { count, atOnce = 1, where = "" }: {
    count: number;
    atOnce?: number;
    where?: string;
  },
): Promise<void> {
  const times = atOnce === 1 ? "" : `, ${atOnce} at once`;
  const name = `${path.name}${times}${where}`;
  const floor = await floorOf(path, target);
  const settings = { group: name, n: count, warmup: count / 5 };
  const asker = await Asker.open(target.port, atOnce);
  const floorAsker = await Asker.open(target.floorPort, atOnce);
  Deno.bench({
    ...settings,
    name: `${name}, floor`,
    baseline: true,
    fn: async () => void await floorAsker.ask(floor),
  });
  Deno.bench({ ...settings, name, fn: async () => void await asker.ask(path) });
}
