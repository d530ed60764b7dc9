import type { Database } from "../../../core/database.ts";
import { ApiError, type ErrorCode } from "../../../core/error.ts";
import { runsOn } from "./branches.ts";
import { findJobs } from "./catalogue_store.ts";
import type { CreateRequest } from "./create_request.ts";
import {
  executionTypeText,
  type JobType,
  jobTypeOf,
} from "./execution_type.ts";
import type { JobDefinition } from "./job.ts";
import { quote } from "./request_rules.ts";

/** The job that a request means. */
export type ResolvedJob = {
  readonly type: JobType;
  /** Empty for periodics. */
  readonly orgRepo: string;
  readonly definition: JobDefinition;
};

/** Why a request means no job, in Gangway's words. */
export type Unresolved = {
  readonly kind: "unresolved";
  readonly code: ErrorCode;
  readonly message: string;
};

/** Where the catalogue has the job of a request. */
export type JobPlace = {
  readonly kind: "place";
  readonly type: JobType;
  readonly orgRepo: string;
  readonly name: string;
};

/**
 * Finds the job of a valid request (wire section 1.4, C). Gangway answers 500
 * to each of these faults of the caller's; `strict` keeps that (gangway 46 to 50).
 *
 * @throws ApiError `invalid`, `not_found` or `conflict`; `internal` when strict.
 */
export async function resolveJob(
  request: CreateRequest,
  database: Database,
  strict: boolean,
): Promise<ResolvedJob> {
  const refuse = ({ code, message }: Unresolved) =>
    new ApiError(strict ? "internal" : code, message);
  const place = placeOf(request);
  if (place.kind === "unresolved") throw refuse(place);
  const { type, orgRepo, name } = place;
  const candidates = await findJobs(database, type, orgRepo, name);
  const chosen = chooseJob(place, candidates, request.refs?.base_ref ?? "");
  if (chosen.kind === "unresolved") throw refuse(chosen);
  return { type, orgRepo, definition: chosen.definition };
}

/** Where to look, or why nowhere. */
export function placeOf(request: CreateRequest): JobPlace | Unresolved {
  const type = jobTypeOf(request.job_execution_type);
  const { refs, job_name: name } = request;
  if (type === null) {
    const text = executionTypeText(request.job_execution_type);
    return unresolved("invalid", `unsupported JobExecutionType type: ${text}`);
  }
  if (type === "periodic" || refs === undefined) {
    return { kind: "place", type, orgRepo: "", name };
  }
  if (type === "presubmit" && refs.pulls.length === 0) {
    return unresolved("invalid", "at least 1 Pulls is required");
  }
  const { labels = {} } = request.pod_spec_options ?? {};
  // Gerrit's jobs are configured under the URL of their host (gangway 63).
  const prefix = Object.hasOwn(labels, "prow.k8s.io/gerrit-revision") &&
      !refs.org.startsWith("https://")
    ? "https://"
    : "";
  const orgRepo = `${prefix}${refs.org}/${refs.repo}`;
  return { kind: "place", type, orgRepo, name };
}

/** The one candidate that runs on the branch. */
export function chooseJob(
  { type, orgRepo, name }: JobPlace,
  candidates: readonly JobDefinition[],
  baseRef: string,
):
  | { readonly kind: "chosen"; readonly definition: JobDefinition }
  | Unresolved {
  const matching = type === "periodic"
    ? candidates.slice(0, 1)
    : candidates.filter((candidate) => runsOn(candidate, baseRef));
  const [definition] = matching;
  const where = orgRepo === "" ? "" : ` from orgRepo ${quote(orgRepo)}`;
  if (definition === undefined) {
    return unresolved(
      "not_found",
      `failed to find associated ${type} job ${quote(name)}${where}`,
    );
  }
  if (matching.length > 1) {
    return unresolved(
      "conflict",
      `${name} matches multiple prow jobs${where}`,
    );
  }
  return { kind: "chosen", definition };
}

function unresolved(code: ErrorCode, message: string): Unresolved {
  return { kind: "unresolved", code, message };
}
