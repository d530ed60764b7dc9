import type { Executor, Host } from "../core/executor.ts";
import { unmetLabels } from "../core/label.ts";
import type { Assignment, Registration } from "../core/protocol.ts";
import { type AttemptOutcome, runAttempt } from "./attempt.ts";
import { Claimer, type ClaimerLent } from "./claimer.ts";

/** What the loop is lent. */
export type LoopLent = Omit<ClaimerLent, "offers"> & {
  readonly executors: readonly Executor[];
  readonly host: Host;
  /** Attempts at a time, over all executors. */
  readonly slots: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Aborted when the runner must go at once: work is stopped and given back. */
  readonly shutdown: AbortSignal;
};

/**
 * With an executor fully busy the poll does not offer it, and cannot be changed
 * while it is open; so it is a short one.
 */
const partialWaitSeconds = 2;

/**
 * A runner's life: registers, claims while there is room, carries out. Returns
 * when it was told to drain and the last attempt has ended.
 *
 * @throws Refused when the server does not want this runner.
 */
export async function runLoop(lent: LoopLent): Promise<void> {
  const { executors, host, drain } = lent;
  const claimer = new Claimer({
    ...lent,
    offers: executors.map((executor) => executor.offer(host)),
  });
  const crew = new Crew(lent);
  try {
    let intervals = (await claimer.register()).intervals;
    while (!drain.aborted) {
      const free = crew.free();
      if (free.length === 0) {
        await crew.change();
        continue;
      }
      const isWhole = free.length === executors.length;
      const assignment = await claimer.claim(
        free.map((executor) => executor.offer(host)),
        isWhole
          ? intervals.claimWaitSeconds
          : Math.min(partialWaitSeconds, intervals.claimWaitSeconds),
      );
      intervals = claimer.intervals ?? intervals;
      if (assignment) await crew.take(assignment, intervals);
    }
  } catch (error) {
    if (!drain.aborted) throw error;
  } finally {
    await crew.finish();
  }
}

type Intervals = Registration["intervals"];

/** The attempts that are being carried out. */
class Crew {
  readonly #lent: LoopLent;
  readonly #attempts = new Set<Promise<void>>();
  readonly #busy = new Map<Executor, number>();
  #changed = Promise.withResolvers<void>();

  constructor(lent: LoopLent) {
    this.#lent = lent;
    lent.drain.addEventListener("abort", () => this.#changed.resolve());
  }

  /** The executors that could take one more. */
  free(): readonly Executor[] {
    if (this.#attempts.size >= this.#lent.slots) return [];
    return this.#lent.executors.filter((executor) =>
      (this.#busy.get(executor) ?? 0) < executor.concurrency
    );
  }

  /** Resolves when an attempt has ended, or no more work is wanted. */
  async change(): Promise<void> {
    await this.#changed.promise;
    this.#changed = Promise.withResolvers();
  }

  /** Begins the attempt, or gives back what nobody here can do or nobody wants to begin any more. */
  async take(assignment: Assignment, intervals: Intervals): Promise<void> {
    const { host, drain } = this.#lent;
    const executor = this.free().find((candidate) =>
      candidate.backend === assignment.run.backend &&
      Object.keys(unmetLabels(assignment.labels, candidate.offer(host)))
          .length === 0
    );
    if (drain.aborted || executor === undefined) {
      return await this.#giveBack(assignment, executor);
    }
    this.#count(executor, 1);
    const attempt = this.#carryOut(assignment, executor, intervals)
      .finally(() => {
        this.#count(executor, -1);
        this.#attempts.delete(attempt);
        this.#changed.resolve();
      });
    this.#attempts.add(attempt);
  }

  async finish(): Promise<void> {
    await Promise.all(this.#attempts);
  }

  async #carryOut(
    assignment: Assignment,
    executor: Executor,
    intervals: Intervals,
  ): Promise<void> {
    const { log } = this.#lent;
    const { run } = assignment;
    const what = `Run ${run.number} (${run.job}, attempt ${run.attempt})`;
    log("info", `${what} begins with ${executor.backend}:${executor.name}`);
    try {
      const outcome = await runAttempt(assignment, {
        ...this.#lent,
        ...intervals,
        executor,
      });
      log("info", `${what} ${summary(outcome)}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log("error", `${what} could not be reported: ${reason}`);
    }
  }

  async #giveBack(
    assignment: Assignment,
    executor: Executor | undefined,
  ): Promise<void> {
    const { client, clock, drain, log, random } = this.#lent;
    const { number, backend } = assignment.run;
    log(
      executor ? "info" : "warn",
      `Run ${number} of ${backend} is given back: ` +
        (executor ? "this runner is about to go" : "no executor here fits it"),
    );
    try {
      await client.release(assignment);
    } catch (error) {
      log("warn", `Cannot give back run ${number}: ${error}`);
    }
    // So that the two do not throw it to and fro.
    if (!executor) await clock.sleep(5_000 * random(), drain);
  }

  #count(executor: Executor, change: number): void {
    this.#busy.set(executor, (this.#busy.get(executor) ?? 0) + change);
  }
}

function summary(outcome: AttemptOutcome): string {
  switch (outcome.kind) {
    case "stale":
      return "was taken over by somebody else and is dropped";
    case "released":
      return "was given back";
    case "reported":
      return outcome.end.kind === "exited"
        ? `ended with exit code ${outcome.end.exitCode}`
        : `ended: ${outcome.end.kind.replace("_", " ")}`;
    default:
      return outcome satisfies never;
  }
}
