import type { Executor, Host, Work } from "../core/executor.ts";
import type { JsonObject } from "../core/json.ts";
import type { End } from "../core/run.ts";
import { runCommand } from "../runner/process.ts";
import { eventually } from "./eventually.ts";

/** A file that was handed in. */
export type Kept = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string | undefined;
};

/** One attempt in a fresh folder, its commands run as a runner runs them. */
export type Attempt = AsyncDisposable & {
  readonly end: Promise<End>;
  readonly directory: string;
  /** What was handed in, by its path. */
  readonly kept: ReadonlyMap<string, Kept>;
  log(): string;
  stop(): void;
};

/** Begins an attempt; when it is disposed of it is stopped and its folder removed. */
export async function begin(
  executor: Executor,
  task: JsonObject,
  host: Host,
): Promise<Attempt> {
  const controller = new AbortController();
  const { signal } = controller;
  const directory = await Deno.makeTempDir({ prefix: "slipway-test-" });
  const decoder = new TextDecoder();
  const kept = new Map<string, Kept>();
  let log = "";
  const add = (chunk: string | Uint8Array) => {
    log += typeof chunk === "string" ? chunk : decoder.decode(chunk);
  };
  const work: Work = {
    run: { id: crypto.randomUUID(), number: 7, attempt: 1 },
    serverUrl: "http://slipway.test",
    directory,
    log: add,
    signal,
    spawn: (command) =>
      runCommand(command, {
        output(chunk) {
          add(chunk);
          return null;
        },
        signal,
      }),
    async upload(path, content, contentType) {
      const bytes = content instanceof Uint8Array
        ? content
        : await Deno.readFile(content.file);
      kept.set(path, { bytes, contentType });
    },
    now: Date.now,
  };
  const end = executor.run(task, work, host);
  return {
    end,
    directory,
    kept,
    log: () => log,
    stop: () => controller.abort(),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await end.catch(() => {});
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** No process was started with the attempt's folder in its environment, or has its root in it, any more. */
export async function assertNothingLeft(directory: string): Promise<void> {
  await eventually(
    async () => (await processesWith(directory)).length === 0,
    "a process is left",
  );
}

async function processesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = await Deno.readTextFile(`/proc/${name}/environ`);
      const rootFolder = await Deno.readLink(`/proc/${name}/root`);
      if (`${environment} ${rootFolder}`.includes(text)) found.push(name);
    } catch {
      // It has gone, or is somebody else's.
    }
  }
  return found;
}
