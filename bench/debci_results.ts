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
  min: z.number(),
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
  nothingNew: distribution.extend({ cpu: z.number() }),
  changed: distribution.extend({ cpu: z.number() }),
});
type Report = z.output<typeof reportSchema>;

const repetitions = 500;
const listTurns = 5;
const fileTurns = 10;
const list = "/api/v1/test";
const status = "/data/status/unstable/amd64";
const [stored = 1_000_000, listed = 50_000] = Deno.args.map(Number);

await withServer(stored, async (server) => {
  print(`${stored} tests stored in ${server.filledInSeconds.toFixed(0)} s`);
  const { without, with: kept } = server.finish;
  print(
    `end of a test: ${toUs(kept)} of CPU with the history, ${
      toUs(without)
    } without`,
  );
  for (
    const [name, figures] of [
      ["nothing new", server.nothingNew],
      ["200 changed", server.changed],
    ] as const
  ) {
    print(
      `app, ${name}: ${show(figures)}, CPU ${figures.cpu.toFixed(2)} ms each`,
    );
  }
  const { since } = server;
  const paths = [
    ["nothing new", `${list}?since=${since + 1}`, repetitions],
    ["200 changed", `${list}?since=${since}`, repetitions],
    ["packages.json", `${status}/packages.json`, fileTurns],
    ["history.json", `${status}/history.json`, fileTurns],
  ] as const;
  for (const [name, path, turns] of paths) {
    const samples: number[] = [];
    let size = 0;
    for (let turn = 0; turn < turns; turn++) {
      const { ms, bytes } = await ask(server, path);
      samples.push(ms);
      size = bytes;
    }
    print(
      `HTTP, ${name} (${(size / 1000).toFixed(0)} kB): ${
        show(distributionOf(samples))
      }`,
    );
  }
});
await withServer(listed, async (server) => {
  for (let turn = 0; turn < listTurns; turn++) {
    const before = await rssMb(server);
    const cpuBefore = await cpuMs(server);
    let peak = before;
    let isOver = false;
    const watch = async () => {
      while (!isOver) {
        peak = Math.max(peak, await rssMb(server));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const watching = watch();
    const { ms, firstMs, bytes } = await ask(server, list);
    isOver = true;
    await watching;
    const cpu = await cpuMs(server) - cpuBefore;
    print(
      `list of ${listed}: ${
        ms.toFixed(0)
      } ms (CPU of the server ${cpu} ms), first byte after ${
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

async function ask({ port, key }: Report, path: string) {
  const begun = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
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

/** User and system time so far; the kernel counts in hundredths of a second. */
async function cpuMs({ pid }: Report): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function show({ min, p50, p99, max }: z.output<typeof distribution>): string {
  const [first, middle, late, last] = [min, p50, p99, max].map((ms) =>
    ms.toFixed(2)
  );
  return `fastest ${first} ms, p50 ${middle} ms, p99 ${late} ms, longest ${last} ms`;
}

function toUs(ms: number): string {
  return `${(ms * 1000).toFixed(0)} µs`;
}
