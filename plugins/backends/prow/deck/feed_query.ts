import * as z from "zod";
import type { RunFilter } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import type { RunState } from "../../../../core/run.ts";
import { executionStatuses, statesOf } from "../execution_status.ts";
import type { ProwJob } from "../prowjob.ts";
import type { Refs } from "../refs.ts";
import { quote } from "../request_rules.ts";
import { globMatcher, isPlain } from "./glob.ts";

const text = z.string().max(1000).optional();

/** What a feed may be asked for; what is left out does not narrow. */
export const feedQuery = z.object({
  var: text.describe("Answer as an assignment to this JavaScript variable"),
  omit: text.describe(
    "Of annotations, labels, decoration_config, pod_spec: what to leave out, with commas between",
  ),
  org: text,
  repo: text,
  author: text.describe("Who wrote one of the pulls"),
  owner: text.describe("The same"),
  pull: z.coerce.number().int().min(0).optional(),
  job: text.describe("Name of the job, or a pattern such as pull-*"),
  type: text.describe("periodic, postsubmit or presubmit"),
  state: text.describe("Such as pending; several with commas between"),
  cluster: text,
  limit: z.coerce.number().int().min(1).max(1000).optional().describe(
    "Asks for pages of at most so many",
  ),
  cursor: z.string().regex(
    /^\d{1,15}$/,
    "use metadata.continue of the page before, or its Link header",
  ).optional(),
});

export type FeedQuery = z.output<typeof feedQuery>;

/** What the store is asked for; the rest of the query is for `isWanted`. */
export function toRunFilter({ job, state, cursor }: FeedQuery): RunFilter {
  return {
    ...job && isPlain(job) && { job },
    ...state && { states: readStates(state) },
    ...cursor && { before: Number(cursor) },
  };
}

/** Whether a ProwJob passes every filter of a query. */
export function isWanted(query: FeedQuery): (prowjob: ProwJob) => boolean {
  const { org, repo, type, cluster, pull } = query;
  const author = query.author || query.owner;
  const fitsJob = query.job ? globMatcher(query.job) : () => true;
  return ({ spec }) => {
    const { refs, extra_refs = [] } = spec;
    const about: readonly Refs[] = refs ? [refs] : extra_refs;
    const pulls = refs?.pulls ?? [];
    return fitsJob(spec.job) &&
      (!type || spec.type === type) &&
      (!cluster || spec.cluster === cluster) &&
      (!org || about.some((each) => each.org === org)) &&
      (!repo || about.some((each) => each.repo === repo)) &&
      (!author || pulls.some((each) => each.author === author)) &&
      (pull === undefined || pulls.some(({ number }) => number === pull));
  };
}

/**
 * The start of an assignment; empty when plain JSON is asked for.
 *
 * @throws ApiError `invalid` for what is not a name: it would run in the page that loads it.
 */
export function assignment(variable = ""): string {
  if (variable === "") return "";
  if (/^[A-Za-z_$][\w$]*$/.test(variable)) return `var ${variable} = `;
  throw new ApiError(
    "invalid",
    `Cannot assign to ${
      quote(variable)
    }: var must be a JavaScript name of ASCII letters, digits, _ and $`,
  );
}

function readStates(text: string): RunState[] {
  return text.split(",").flatMap((word) => {
    const status = executionStatuses.find((each) =>
      each.toLowerCase() === word.trim().toLowerCase()
    );
    const states = status === undefined ? [] : statesOf(status);
    if (states.length > 0) return states;
    throw new ApiError(
      "invalid",
      `Cannot list: there is no state ${quote(word)}; use ${
        executionStatuses.slice(1).join(", ").toLowerCase()
      }`,
    );
  });
}
