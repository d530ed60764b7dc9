import { isAdmin, mayControl } from "../../core/access.ts";
import { ApiError } from "../../core/error.ts";
import type { PageFilter, PlannedRetry } from "../../core/page_data.ts";
import type { Principal } from "../../core/principal.ts";
import {
  endStates,
  isEnd,
  type RunState,
  runStates,
  type RunSummary,
} from "../../core/run.ts";
import type { PagesParts } from "../parts.ts";

/** What is done to many runs at once. */
export const bulkActions = ["cancel", "retry"] as const;

export type BulkAction = (typeof bulkActions)[number];

/** Most runs that are taken at a time. */
export const maxRuns = 500;

/** A run that is not touched, and why, for people. */
export type LeftOut = {
  readonly number: number;
  /** Null for a run that may not be seen, or is not there. */
  readonly job: string | null;
  readonly why: string;
};

/** What would be done. */
export type BulkPlan = {
  readonly action: BulkAction;
  /** Newest first. */
  readonly touched: readonly RunSummary[];
  /** One for each of `touched`, where the action is a retry. */
  readonly retries: readonly PlannedRetry[];
  readonly leftOut: readonly LeftOut[];
  /** Runs of other people that the filter finds too; at most `maxRuns` are counted. */
  readonly others: number;
  /** There are more than are taken at a time. */
  readonly hasMore: boolean;
};

/** What would be done to runs that were ticked: each is touched, or left out with its reason. */
export async function planTicked(
  parts: PagesParts,
  action: BulkAction,
  numbers: readonly number[],
  asker: Principal,
): Promise<BulkPlan> {
  const asked = [...new Set(numbers)].toSorted((one, other) => other - one);
  const taken = asked.slice(0, maxRuns);
  const found = taken.length === 0 ? [] : await parts.data.list({
    numbers: taken,
    reader: asker,
    limit: maxRuns,
  });
  const known = new Set(found.map(({ number }) => number));
  const missing = taken.filter((number) => !known.has(number)).map((number) => (
    { number, job: null, why: "there is no such run that you may see" }
  ));
  const plan = await planEach(parts, action, found, asker);
  return {
    ...plan,
    leftOut: [...plan.leftOut, ...missing],
    others: 0,
    hasMore: asked.length > maxRuns,
  };
}

/** What would be done to the newest runs of a filter: of those that the action is for and that the asker controls. */
export async function planFiltered(
  parts: PagesParts,
  action: BulkAction,
  filter: PageFilter,
  asker: Principal,
): Promise<BulkPlan> {
  const meant: readonly RunState[] = action === "retry"
    ? endStates
    : runStates.filter((state) => !isEnd(state));
  const states = meant.filter((state) =>
    filter.states?.includes(state) ?? true
  );
  const narrowed = { ...filter, states, reader: asker, limit: maxRuns + 1 };
  if (states.length === 0) {
    const none = await planEach(parts, action, [], asker);
    return { ...none, others: 0, hasMore: false };
  }
  const isAll = isAdmin(asker);
  const [own, all] = await Promise.all([
    parts.data.list({ ...narrowed, ...!isAll && { owner: asker.account } }),
    isAll ? [] : parts.data.list(narrowed),
  ]);
  return {
    ...await planEach(parts, action, own.slice(0, maxRuns), asker),
    others: all.slice(0, maxRuns)
      .filter((run) => !mayControl(run, asker)).length,
    hasMore: own.length > maxRuns,
  };
}

async function planEach(
  parts: PagesParts,
  action: BulkAction,
  runs: readonly RunSummary[],
  asker: Principal,
): Promise<Omit<BulkPlan, "others" | "hasMore">> {
  const faults = runs.map((run) => faultOf(action, run, asker));
  const wanted = runs.filter((_, at) => faults[at] === null);
  const retries = action === "retry"
    ? await planRetries(parts, wanted, asker)
    : new Map<number, PlannedRetry | string>();
  const whyNot = (run: RunSummary, at: number) => {
    const retry = retries.get(run.number);
    return faults[at] ?? (typeof retry === "string" ? retry : null);
  };
  return {
    action,
    touched: runs.filter((run, at) => whyNot(run, at) === null),
    retries: [...retries.values()].filter((each) => typeof each !== "string"),
    leftOut: runs.flatMap((run, at) => {
      const why = whyNot(run, at);
      const { number, job } = run;
      return why === null ? [] : [{ number, job, why }];
    }),
  };
}

type PlannedOf = [number: number, planned: PlannedRetry | string];

/** By number, what each retry comes to, or why there is none. */
async function planRetries(
  { runs }: PagesParts,
  wanted: readonly RunSummary[],
  asker: Principal,
): Promise<Map<number, PlannedRetry | string>> {
  const found = await runs.findMany(wanted.map(({ number }) => number));
  return new Map(
    await Promise.all(found.map(async (run): Promise<PlannedOf> => {
      try {
        return [run.number, await runs.planRetry(run, asker)];
      } catch (error) {
        const isReason = error instanceof ApiError && error.status < 500;
        if (isReason) return [run.number, error.message.trim()];
        throw error;
      }
    })),
  );
}

/** Why a run is not touched, as far as it shows without its backend; null when it is. */
function faultOf(
  action: BulkAction,
  run: RunSummary,
  asker: Principal,
): string | null {
  if (!mayControl(run, asker)) return `it is ${run.owner.name}'s`;
  if (action === "retry") return isEnd(run.state) ? null : "it is not over";
  if (isEnd(run.state)) return `it is over (${run.state})`;
  return run.cancelRequestedAt === null
    ? null
    : "its runner was told to stop already";
}
