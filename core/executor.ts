import type * as z from "zod";
import type { Offer } from "./label.ts";
import type { End } from "./run.ts";

/** A command to run for a task, as an argument vector: no shell is involved. */
export type Command = {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Between SIGTERM and SIGKILL of the whole process group. */
  readonly graceSeconds: number;
  /** Changes a piece of output on its way to the log; without it the log has it as it is. */
  readonly rewrite?: ((chunk: Uint8Array) => Uint8Array) | undefined;
};

/** How a command ended. */
export type CommandEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "timed_out"; readonly timeoutSeconds: number }
  | { readonly kind: "cancelled" }
  | { readonly kind: "not_started"; readonly reason: string };

/** What an executor is lent for one attempt. */
export type Work = {
  readonly run: {
    readonly id: string;
    readonly number: number;
    readonly attempt: number;
  };
  /** Public base URL of the server. */
  readonly serverUrl: string;
  /** A fresh folder that is removed afterwards. */
  readonly directory: string;
  /** Appends to the run's log. */
  readonly log: (chunk: string | Uint8Array) => void;
  /** Aborted when the run is cancelled, or no longer ours. */
  readonly signal: AbortSignal;
  /** Runs a command in a process group of its own, its output going to the log; stops it when `signal` aborts. */
  readonly spawn: (command: Command) => Promise<CommandEnd>;
  /**
   * Keeps a file with the run, under a relative path such as `artifacts/junit.xml`.
   * The same file again changes nothing.
   *
   * @throws Error when the server refuses it: the path is not one, or the file is too large.
   */
  readonly upload: (
    path: string,
    content: Uint8Array<ArrayBuffer> | { readonly file: string },
    contentType?: string,
  ) => Promise<void>;
  readonly now: () => number;
};

/** The machine that a runner runs on. */
export type Host = {
  /** Debian's name of the architecture: `amd64`. */
  readonly arch: string;
  readonly env: Readonly<Record<string, string>>;
};

/**
 * The runner-side half of a backend.
 * The runner calls `unready` once at start, then `run` for each claim, concurrently up to `concurrency`.
 * `run` must return when `work.signal` aborts, and leave no process behind.
 */
export type Executor = {
  /** The backend whose tasks it carries out. */
  readonly backend: string;
  /** `SLIPWAY_EXECUTORS` names it `backend:name`. */
  readonly name: string;
  readonly summary: string;
  /** Attempts at a time on one machine. */
  readonly concurrency: number;
  /** What it can do on this machine, `backend` included. */
  offer(host: Host): Offer;
  /** Why it cannot work here and what to do about it, or null. */
  unready(host: Host): Promise<string | null>;
  run(task: unknown, work: Work, host: Host): Promise<End>;
};

/** Defines an executor. A task that does not fit the schema ends as `not_started`. */
export function defineExecutor<Task extends z.ZodType>(definition: {
  backend: string;
  name: string;
  summary: string;
  task: Task;
  concurrency?: number;
  /** Labels beyond `backend`. */
  offer: (host: Host) => Offer;
  unready?: (host: Host) => Promise<string | null>;
  run: (task: z.output<Task>, work: Work, host: Host) => Promise<End>;
}): Executor {
  return {
    backend: definition.backend,
    name: definition.name,
    summary: definition.summary,
    concurrency: definition.concurrency ?? Infinity,
    offer: (host) => ({
      ...definition.offer(host),
      backend: [definition.backend],
    }),
    unready: definition.unready ?? (() => Promise.resolve(null)),
    run(task, work, host) {
      const parsed = definition.task.safeParse(task);
      if (parsed.success) return definition.run(parsed.data, work, host);
      const reason =
        `the task is not one that ${definition.backend}:${definition.name} understands: ` +
        parsed.error.issues.map((issue) =>
          `${issue.path.join(".")}: ${issue.message}`
        ).join("; ");
      work.log(`slipway: ${reason}\n`);
      return Promise.resolve({ kind: "not_started", reason });
    },
  };
}
