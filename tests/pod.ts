import type { Executor, Host, Work } from "../core/executor.ts";
import type { End } from "../core/run.ts";
import { runCommand } from "../runner/process.ts";
import type { Task } from "../plugins/backends/prow/task.ts";

/** A folder that is gone when the test is. */
export async function makeFolder(): Promise<
  AsyncDisposable & { readonly path: string }
> {
  const path = await Deno.makeTempDir({ prefix: "slipway-test-" });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** This machine, with settings. */
export function hostWith(env: Record<string, string> = {}): Host {
  const { PATH = "/usr/bin:/bin", HOME = "/root" } = Deno.env.toObject();
  return { arch: "amd64", env: { PATH, HOME, ...env } };
}

/** What a test says of its job, beside its script. */
export type JobOptions = Partial<Omit<Task, "container">> & {
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** A decorated periodic that runs a shell script. */
export function scriptTask(
  script: string,
  { image = "docker.io/library/debian", env = {}, ...more }: JobOptions = {},
): Task {
  return {
    job: "j",
    type: "periodic",
    container: {
      image,
      command: ["sh", "-c"],
      args: [script],
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      clusterEnv: [],
    },
    timeoutSeconds: 60,
    graceSeconds: 5,
    refs: null,
    extraRefs: [],
    decorated: true,
    decorationConfig: null,
    labels: {},
    annotations: {},
    ...more,
  };
}

/** One attempt in a folder of its own, with all that it handed in. */
export type PodAttempt = AsyncDisposable & {
  readonly end: Promise<End>;
  readonly directory: string;
  /** By path, as text. */
  readonly files: ReadonlyMap<string, string>;
  log(): string;
  logBytes(): number;
  stop(): void;
};

/** Begins an attempt as a runner does. */
export async function begin(
  executor: Executor,
  task: Task,
  host: Host = hostWith(),
): Promise<PodAttempt> {
  const stop = new AbortController();
  const { signal } = stop;
  const directory = await Deno.makeTempDir({ prefix: "slipway-test-" });
  const files = new Map<string, string>();
  const chunks: Uint8Array[] = [];
  const add = (chunk: string | Uint8Array) => {
    chunks.push(
      typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk,
    );
    return null;
  };
  const work: Work = {
    run: { id: crypto.randomUUID(), number: 42, attempt: 1 },
    serverUrl: "http://slipway.test",
    directory,
    log: add,
    signal,
    spawn: (command) =>
      runCommand(command, {
        output: (chunk) => add(command.rewrite?.(chunk) ?? chunk),
        signal,
      }),
    async upload(path, content) {
      const bytes = content instanceof Uint8Array
        ? content
        : await Deno.readFile(content.file);
      files.set(path, new TextDecoder().decode(bytes));
    },
    now: Date.now,
  };
  // As it comes from the server.
  const sent = JSON.parse(JSON.stringify(task));
  const end = executor.run(sent, work, host);
  return {
    end,
    directory,
    files,
    log: () => chunks.map((chunk) => new TextDecoder().decode(chunk)).join(""),
    logBytes: () => chunks.reduce((sum, { length }) => sum + length, 0),
    stop: () => stop.abort(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await end.catch(() => {});
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** What became of a task. */
export async function carryOut(
  executor: Executor,
  task: Task,
  host?: Host,
): Promise<{ end: End; log: string; files: ReadonlyMap<string, string> }> {
  await using attempt = await begin(executor, task, host);
  const end = await attempt.end;
  return { end, log: attempt.log(), files: attempt.files };
}
