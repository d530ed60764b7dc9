import { isEnd, isLive, type Run } from "./run.ts";

/** How an attempt may end without ending its run. */
export const setbacks = [
  /** Its runner fell silent. */
  "lost",
  /** Its runner never said that it had begun. */
  "not_taken_up",
  /** Its runner gave it back undone. */
  "released",
  /** It failed for a while; a later one may well end otherwise. */
  "temporary",
] as const;

export type Setback = (typeof setbacks)[number];

/** One go at a run. Times are epoch ms; what an older version did not keep is null. */
export type Attempt = {
  /** From 1. */
  readonly number: number;
  /** Name of the runner that had it. */
  readonly runner: string | null;
  readonly claimedAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** `ended`: with the run, whose state says how. Null: it is not over. */
  readonly ending: Setback | "ended" | null;
  /** What its backend says of the ending. */
  readonly message: string | null;
  /** Size of its log. */
  readonly logBytes: number;
};

/** Reads what became of a run's attempts. */
export interface Attempts {
  /** All of them, in order; none of a run that was never claimed. */
  of(run: Run): Promise<readonly Attempt[]>;
}

/** The attempt that a run's own row tells of, whose runner is named; null when there is none, or when it is kept with the past ones. */
export function latestAttempt(
  run: Run,
  runner: string | null,
): Attempt | null {
  if (run.attempt === 0 || !isLive(run.state) && !isEnd(run.state)) return null;
  return {
    number: run.attempt,
    runner,
    claimedAt: run.claimedAt,
    startedAt: run.startedAt,
    endedAt: run.finishedAt,
    ending: run.finishedAt === null
      ? null
      : run.end?.kind === "lost"
      ? "lost"
      : "ended",
    message: run.message,
    logBytes: run.logBytes,
  };
}

/** A run as it stood with an earlier attempt: its log and files are then that one's. */
export function withAttempt(run: Run, { number, logBytes }: Attempt): Run {
  return { ...run, attempt: number, logBytes };
}
