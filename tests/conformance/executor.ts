/**
 * What every executor must do, with its real processes. A plugin's own test
 * calls `testExecutor` with samples.
 * @module
 */
import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import type { Executor, Host, Work } from "../../core/executor.ts";
import type { JsonObject } from "../../core/json.ts";
import { endSchema, offerSchema } from "../../core/protocol.ts";
import type { End } from "../../core/run.ts";
import { runCommand } from "../../runner/process.ts";
import { eventually } from "../eventually.ts";

/** What an executor tells the suite about itself. */
export type ExecutorSamples = {
  readonly host: Host;
  readonly tasks: {
    /** Ends with exit code 0. */
    readonly passing: JsonObject;
    /** Ends with another exit code. */
    readonly failing: JsonObject;
    /** Does not end by itself, and has written to the log once it is under way. */
    readonly endless: JsonObject;
    /** Fits the task's schema but cannot begin. */
    readonly unstartable: JsonObject;
  };
  /** Of `executor.ts`, where that is not in `plugins/backends/NAME/`. */
  readonly folder?: URL;
  /** How long a task may take to end, or to be stopped; 60 by default. */
  readonly patienceSeconds?: number;
};

/** One attempt of the suite. */
type Attempt = {
  readonly end: Promise<End>;
  readonly log: () => string;
  readonly stop: () => void;
};

/**
 * Registers the conformance test of an executor. Where the executor cannot
 * work for want of something, what runs work is skipped with the reason; with
 * `CI=true` that is a failure.
 */
export function testExecutor(
  executor: Executor,
  samples: ExecutorSamples,
): void {
  const { host, tasks } = samples;
  const name = `${executor.backend}:${executor.name}`;
  const suite = new Suite(executor, samples);

  Deno.test(`executor ${name} conforms`, async (t) => {
    await t.step("is named like its backend's folder", () => suite.named());
    await t.step("offers its backend and whole labels", () => suite.offers());
    const unready = await executor.unready(host);
    await t.step("says in a sentence why it cannot work, if so", () => {
      if (unready === null) return;
      assertMatch(unready, /\w.*[^.]$/);
      assert(Deno.env.get("CI") !== "true", `cannot work here: ${unready}`);
    });
    const step = (name: string, fn: () => Promise<void>) =>
      t.step({
        name: unready === null ? name : `${name} (skipped: ${unready})`,
        ignore: unready !== null,
        fn,
      });

    await step("a passing task exits with 0", async () => {
      const end = await suite.carryOut(tasks.passing);
      assert(end.kind === "exited", JSON.stringify(end));
      assertEquals(end.exitCode, 0);
    });
    await step("a failing task exits with another code", async () => {
      const end = await suite.carryOut(tasks.failing);
      assert(end.kind === "exited", JSON.stringify(end));
      assertNotEquals(end.exitCode, 0);
    });
    await step(
      "a task that cannot begin says why, and does not throw",
      () => suite.cannotBegin(tasks.unstartable),
    );
    await step(
      "what is no task of its own is not started, and says why",
      () => suite.cannotBegin({ "": 1 }),
    );
    await step("a run that is cancelled stops", () => suite.isCancelled());
    await step(
      "a run that was cancelled before it began does not begin",
      () => suite.isCancelledEarly(),
    );
    await step("runs at the same time do not disturb each other", async () => {
      if (executor.concurrency < 2) return;
      const ends = await Promise.all(
        [tasks.passing, tasks.failing, tasks.passing].map((task) =>
          suite.carryOut(task)
        ),
      );
      assertEquals(
        ends.map((end) => end.kind === "exited" && end.exitCode === 0),
        [true, false, true],
      );
    });
  });
}

class Suite {
  readonly #executor: Executor;
  readonly #samples: ExecutorSamples;
  readonly #patienceMs: number;

  constructor(executor: Executor, samples: ExecutorSamples) {
    this.#executor = executor;
    this.#samples = samples;
    this.#patienceMs = (samples.patienceSeconds ?? 60) * 1000;
  }

  async named(): Promise<void> {
    const { backend, name, summary, concurrency } = this.#executor;
    for (const word of [backend, name]) assertMatch(word, /^[a-z][a-z0-9_]*$/);
    assertMatch(summary, /\S.*[^.]$/);
    assertGreater(concurrency, 0);
    const folder = this.#samples.folder ??
      new URL(`../../plugins/backends/${backend}/`, import.meta.url);
    const file = new URL("executor.ts", folder);
    assert((await Deno.stat(file)).isFile);
  }

  offers(): void {
    const offer = this.#executor.offer(this.#samples.host);
    assertEquals(offer.backend, [this.#executor.backend]);
    assertEquals(offerSchema.parse(offer), offer);
    for (const [label, values] of Object.entries(offer)) {
      assertGreater(values.length, 0, `${label} offers nothing`);
    }
  }

  /** The end of a task that nobody stops, which must be one that can be reported. */
  async carryOut(task: JsonObject): Promise<End> {
    await using attempt = await this.#begin(task);
    const end = await this.#soon(attempt.end, "the task did not end");
    assertEquals(endSchema.parse(end), end);
    return end;
  }

  async cannotBegin(task: JsonObject): Promise<void> {
    const end = await this.carryOut(task);
    assert(end.kind === "not_started", JSON.stringify(end));
    assertMatch(end.reason, /\w.*[^.\n]$/s);
    assert(!/\n\s+at .+:\d+:\d+/.test(end.reason), "shows a stack");
  }

  async isCancelled(): Promise<void> {
    await using attempt = await this.#begin(this.#samples.tasks.endless);
    const early = await Promise.race([
      attempt.end,
      eventually(
        () => attempt.log() !== "",
        "the endless task wrote nothing",
        this.#patienceMs,
      ),
    ]);
    assertEquals(early, undefined, "the endless task ended by itself");
    attempt.stop();
    const end = await this.#soon(attempt.end, "it did not stop");
    assertEquals(end, { kind: "cancelled" });
  }

  async isCancelledEarly(): Promise<void> {
    await using attempt = await this.#begin(
      this.#samples.tasks.endless,
      AbortSignal.abort(),
    );
    const end = await this.#soon(attempt.end, "it did not stop");
    assertEquals(end, { kind: "cancelled" });
  }

  async #begin(
    task: JsonObject,
    stopped?: AbortSignal,
  ): Promise<Attempt & AsyncDisposable> {
    const stop = new AbortController();
    const signal = stopped ?? stop.signal;
    const directory = await Deno.makeTempDir({ prefix: "slipway-test-" });
    const decoder = new TextDecoder();
    let log = "";
    const work: Work = {
      run: { id: crypto.randomUUID(), number: 7, attempt: 1 },
      serverUrl: "http://ci.example.org",
      directory,
      log(chunk) {
        log += typeof chunk === "string" ? chunk : decoder.decode(chunk);
      },
      signal,
      spawn(command) {
        return runCommand(command, {
          output(chunk) {
            work.log(chunk);
            return null;
          },
          signal,
        });
      },
      upload: () => Promise.resolve(),
      now: Date.now,
    };
    const end = this.#executor.run(task, work, this.#samples.host);
    return {
      end,
      log: () => log,
      stop: () => stop.abort(),
      async [Symbol.asyncDispose]() {
        stop.abort();
        await end.catch(() => {});
        await assertNoProcessIn(directory);
        await Deno.remove(directory, { recursive: true });
      },
    };
  }

  async #soon<T>(promise: Promise<T>, otherwise: string): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(otherwise)), this.#patienceMs);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Nobody works in the attempt's folder any more; a process that is just dying gets a moment. */
async function assertNoProcessIn(directory: string): Promise<void> {
  await eventually(
    async () => (await processesIn(directory)).length === 0,
    `a process is left in ${directory}`,
    5_000,
  );
}

async function processesIn(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const cwd = await Deno.readLink(`/proc/${name}/cwd`);
      if (cwd === directory || cwd.startsWith(`${directory}/`)) {
        found.push(name);
      }
    } catch {
      // It has gone, or is somebody else's.
    }
  }
  return found;
}
