import type { Json, JsonObject } from "./json.ts";
import type { Labels } from "./label.ts";

/** The states that never change again. */
export const endStates = [
  "passed",
  "failed",
  "neutral",
  "errored",
  "aborted",
] as const;

/** Every state of a run, in the order in which it goes through them. */
export const runStates = [
  "scheduled",
  "queued",
  "claimed",
  "running",
  ...endStates,
] as const;

export type EndState = (typeof endStates)[number];
export type RunState = (typeof runStates)[number];

/**
 * Where each state may lead. A claim that is not taken up, or whose runner is
 * lost, goes back to `queued`; an attempt that failed for a while leads to `scheduled`.
 */
export const nextStates: Record<RunState, readonly RunState[]> = {
  scheduled: ["queued", "errored", "aborted"],
  queued: ["claimed", "errored", "aborted"],
  claimed: ["scheduled", "queued", "running", ...endStates],
  running: ["scheduled", "queued", ...endStates],
  passed: [],
  failed: [],
  neutral: [],
  errored: [],
  aborted: [],
};

/** Whether the state is final. */
export function isEnd(state: RunState): state is EndState {
  return nextStates[state].length === 0;
}

/** Whether a runner has the run, so that its log may grow. */
export function isLive(state: RunState): boolean {
  return state === "claimed" || state === "running";
}

/** How a task ended, as the runner saw it. A backend's `outcome` says what that means. */
export type End =
  /** The process ran and left with a code (128 + n after signal n). `facts` are the executor's findings, e.g. a version. */
  | {
    readonly kind: "exited";
    readonly exitCode: number;
    readonly facts?: JsonObject | undefined;
  }
  | {
    readonly kind: "timed_out";
    readonly timeoutSeconds: number;
    readonly facts?: JsonObject | undefined;
  }
  | { readonly kind: "cancelled" }
  /** The work could not begin; the reason is for the person who asked. */
  | { readonly kind: "not_started"; readonly reason: string }
  /** The runner fell silent, and no attempts are left. */
  | { readonly kind: "lost" };

/** What a backend makes of an end. */
export type Outcome = {
  readonly state: EndState;
  readonly message: string;
  /** A later attempt may well end otherwise. The run is tried again as long as its submission allows. */
  readonly isTemporary?: true;
};

/** One request and all that happened to it. Times are epoch milliseconds. */
export type Run = {
  /** Lowercase UUID, time-ordered (version 7). */
  readonly id: string;
  /** Counts up from 1 over all runs: debci's `run_id`, Prow's `BUILD_ID`. */
  readonly number: number;
  readonly backend: string;
  /** What is run, as people name it: the Prow job, the Debian package. */
  readonly job: string;
  readonly owner: { readonly account: number; readonly name: string };
  readonly isPrivate: boolean;
  /** What was asked for, in the backend's own form. */
  readonly request: JsonObject;
  /** What a runner must do. */
  readonly task: JsonObject;
  readonly labels: Labels;
  /** Larger goes first. */
  readonly priority: number;
  readonly state: RunState;
  /** Grows with every claim; the fence of the attempt that is live. */
  readonly attempt: number;
  /** Attempts whose runner was lost. */
  readonly lostAttempts: number;
  readonly runnerId: string | null;
  readonly cancelRequestedAt: number | null;
  readonly createdAt: number;
  /** When it last came into its queue. */
  readonly queuedAt: number;
  /** While `scheduled`: when it goes back into its queue. */
  readonly notBefore: number | null;
  /** When the latest attempt was handed to a runner. */
  readonly claimedAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly updatedAt: number;
  readonly end: End | null;
  /** Why it is in its state, for people; until it is claimed again, what became of the last attempt. */
  readonly message: string | null;
  /** Size of the latest attempt's log. */
  readonly logBytes: number;
};

/** A run for lists: the task and the end are left out, and the request holds no more than was asked for. */
export type RunSummary = Omit<Run, "task" | "end">;

/** A run to be made. One that comes with an `outcome` is stored as already ended. */
export type Submission = {
  readonly job: string;
  readonly request: JsonObject;
  readonly task: JsonObject;
  readonly labels: Labels;
  readonly priority?: number;
  readonly isPrivate?: boolean;
  readonly outcome?: Outcome;
  /** How long to wait after each attempt that fails for a while (`isTemporary`), before the next; none by default. */
  readonly retryDelaysSeconds?: readonly number[];
};

/** The executor's findings, whatever the end; empty when there are none. */
export function endFacts(end: End | null): { readonly [key: string]: Json } {
  return end !== null && "facts" in end ? end.facts ?? {} : {};
}
