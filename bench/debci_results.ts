/**
 * How long a follower of package tests waits: `since` in a store of 1,000,000
 * tests, and the whole list of 50,000, whose server's memory is watched.
 *
 * @module
 */
import * as z from "zod";
import { print } from "../scripts/script.ts";
import { fromFileUrl } from "../tests/paths.ts";
import { distributionOf } from "./distribution.ts";

const distribution = z.object({
  p50: z.number(),
  p99: z.number(),
  max: z.number(),
});
const reportSchema = z.object({
  port: z.int(),
  pid: z.int(),
  key: z.string(),
  since: z.int(),
  filledInSeconds: z.number(),
  finish: z.object({ without: z.number(), with: z.number() }),
  nothingNew: distribution,
  changed: distribution,
});
type Report = z.output<typeof reportSchema>;

const repetitions = 500;
const listTurns = 5;
const [stored = 1_000_000, listed = 50_000] = Deno.args.map(Number);

await withServer(stored, async (server) => {
  print(`${stored} tests stored in ${server.filledInSeconds.toFixed(0)} s`);
  const { without, with: kept } = server.finish;
  print(
    `end of a test: ${toUs(kept)} of CPU with the history, ${
      toUs(without)
    } without`,
  );
  print(`app, nothing new: ${show(server.nothingNew)}`);
  print(`app, 200 changed: ${show(server.changed)}`);
  const { since } = server;
  for (
    const [name, from] of [["nothing new", since + 1], [
      "200 changed",
      since,
    ]]
  ) {
    const samples: number[] = [];
    for (let turn = 0; turn < repetitions; turn++) {
      samples.push((await ask(server, `?since=${from}`)).ms);
    }
    print(`HTTP, ${name}: ${show(distributionOf(samples))}`);
  }
});
await withServer(listed, async (server) => {
  for (let turn = 0; turn < listTurns; turn++) {
    const before = await rssMb(server);
    let peak = before;
    let isOver = false;
    const watch = async () => {
      while (!isOver) {
        peak = Math.max(peak, await rssMb(server));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const watching = watch();
    const { ms, firstMs, bytes } = await ask(server, "");
    isOver = true;
    await watching;
    print(
      `list of ${listed}: ${ms.toFixed(0)} ms, first byte after ${
        firstMs.toFixed(0)
      } ms, ${(bytes / 1e6).toFixed(1)} MB; RSS ${
        before.toFixed(0)
      } MB before, ${peak.toFixed(0)} MB at most`,
    );
  }
});

async function withServer(
  tests: number,
  use: (server: Report) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      fromFileUrl(import.meta.resolve("./debci_store.ts")),
      String(tests),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.endsWith("\n")) break;
  }
  try {
    await use(reportSchema.parse(JSON.parse(text)));
  } finally {
    await child.stdin.close();
    await child.status;
  }
}

async function ask({ port, key }: Report, query: string) {
  const begun = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/test${query}`, {
    headers: { "auth-key": key },
  });
  const firstMs = performance.now() - begun;
  let bytes = 0;
  for await (const chunk of answer.body ?? []) bytes += chunk.byteLength;
  return { ms: performance.now() - begun, firstMs, bytes };
}

async function rssMb({ pid }: Report): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function show({ p50, p99, max }: z.output<typeof distribution>): string {
  const [middle, late, last] = [p50, p99, max].map((ms) => ms.toFixed(2));
  return `p50 ${middle} ms, p99 ${late} ms, longest ${last} ms`;
}

function toUs(ms: number): string {
  return `${(ms * 1000).toFixed(0)} µs`;
}
