import type { Runs } from "../../../../core/backend.ts";
import type { Principal } from "../../../../core/principal.ts";
import { isEnd, type RunSummary } from "../../../../core/run.ts";
import { median } from "../../../../ui/kit/mod.ts";
import { runRequest } from "../submission.ts";

/** Builds of a page. */
export const pageSize = 100;

/** Builds that the figures are made of: the newest. */
export const sampleSize = 200;

/** Where a page of builds is: the newest, those before a number, or those above one. */
export type BuildsPlace = { readonly before?: number; readonly above?: number };

/** A page of a job's builds, newest first, and what can be said of the newest together. */
export type Builds = {
  readonly shown: readonly RunSummary[];
  readonly hasNewer: boolean;
  readonly hasOlder: boolean;
  readonly figures: Figures;
};

/** How builds ended that have. */
export type Figures = {
  /** Builds that were looked at. */
  readonly sampled: number;
  /** Those of them that have a result. */
  readonly judged: number;
  readonly passed: number;
  readonly medianMs: number | null;
};

/** Reads a page's number out of a query; what is none is as if it were not there. */
export function readBuildsPlace(
  { before, above }: Readonly<Record<string, string>>,
): BuildsPlace {
  const isNumber = (text = "") => /^\d{1,15}$/.test(text);
  if (isNumber(before)) return { before: Number(before) };
  return isNumber(above) ? { above: Number(above) } : {};
}

/** The builds of a job that somebody may see; null is anybody. */
export async function readBuilds(
  runs: Pick<Runs, "summaries">,
  job: string,
  reader: Principal | null,
  place: BuildsPlace,
): Promise<Builds> {
  const isNewest = Object.keys(place).length === 0;
  const read = (limit: number, where: BuildsPlace) =>
    runs.summaries({ job, reader, limit, ...where }, ["type", "refs"]);
  const [sample, asked] = await Promise.all([
    read(sampleSize, {}),
    // One more tells whether there is a page behind it.
    isNewest ? [] : read(pageSize + 1, place),
  ]);
  const page = isNewest ? sample : asked;
  const hasMore = page.length > pageSize;
  const isUpwards = place.above !== undefined;
  return {
    shown: isUpwards ? page.slice(hasMore ? 1 : 0) : page.slice(0, pageSize),
    hasNewer: isUpwards ? hasMore : !isNewest,
    hasOlder: isUpwards || hasMore,
    figures: figuresOf(sample),
  };
}

/** How a sample of builds went. One that was aborted tells nothing of its job. */
export function figuresOf(sample: readonly RunSummary[]): Figures {
  const judged = sample.filter(({ state }) =>
    isEnd(state) && state !== "aborted"
  );
  const passed = judged.filter(({ state }) =>
    state === "passed" || state === "neutral"
  );
  const durations = judged.flatMap(({ startedAt, finishedAt }) =>
    startedAt === null || finishedAt === null
      ? []
      : [Math.max(0, finishedAt - startedAt)]
  );
  return {
    sampled: sample.length,
    judged: judged.length,
    passed: passed.length,
    medianMs: median(durations),
  };
}

/** What a build was of: its branch and its pull requests; empty for a periodic's. */
export function revisionOf(run: RunSummary): string {
  const { refs } = runRequest(run);
  const pulls = (refs?.pulls ?? []).map(({ number }) => `#${number}`);
  return [refs?.base_ref, ...pulls].filter(Boolean).join(" ");
}
