import { mayControl } from "../../../../core/access.ts";
import type { Retry } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import type { Principal } from "../../../../core/principal.ts";
import type { Run, Submission } from "../../../../core/run.ts";
import { readCreateRequest } from "../create_request.ts";
import { executionTypeOf } from "../execution_type.ts";
import { readJson } from "../json_reader.ts";
import { toProwJob } from "../prowjob.ts";
import { type ResolvedJob, resolveJob } from "../resolution.ts";
import { toSubmission } from "../submission.ts";
import { globalTenant, mayUseTenant, tenantOf } from "../tenant.ts";
import type { DeckContext } from "./deck.ts";

/**
 * The run that repeats another: `original` as it was, `latest` by what the
 * catalogue says of the job now, with the same refs, envs, labels and
 * annotations. Prow's Deck drops those of the request when it takes the latest.
 *
 * @throws ApiError `invalid` when the catalogue has no such job any more.
 */
export async function toRerun(
  context: DeckContext,
  run: Run,
  mode: "original" | "latest",
): Promise<Submission> {
  const { job, request, task, labels, priority, isPrivate } = run;
  if (mode === "original") {
    return { job, request, task, labels, priority, isPrivate };
  }
  const { options } = context;
  const { type, refs, pod_spec_options } = request;
  const asked = readCreateRequest(readJson(JSON.stringify({
    job_name: job,
    job_execution_type: executionTypeOf(String(type)),
    refs,
    pod_spec_options,
  })));
  const latest = await resolveLatest(context, asked);
  const { definition, orgRepo } = latest;
  const tenant = tenantOf(definition, orgRepo, options.defaultTenants);
  const submission = toSubmission(latest, tenant, asked, options);
  return { ...submission, priority, isPrivate };
}

/**
 * What a rerun comes to, for the asker, whose it will be.
 *
 * @throws ApiError as `toRerun`, and `forbidden` for who may not.
 */
export async function planRerun(
  context: DeckContext,
  run: Run,
  mode: "original" | "latest",
  asker: Principal,
): Promise<Retry> {
  const submission = await toRerun(context, run, mode);
  assertMayRerun(context, run, submission, asker);
  return { submission, owner: asker };
}

/** The run that a rerun would be at its start. */
export function toWaitingRun(
  run: Run,
  rerun: Submission,
  id: string,
  now: number,
): Run {
  return {
    ...run,
    ...rerun,
    id,
    state: "queued",
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    message: null,
  };
}

/**
 * Refuses who may not repeat a run: it is its owner's and the administrators',
 * and everybody's where the job says so (`rerun_auth_config.allow_anyone`).
 * Nobody runs another tenant's job in this way.
 *
 * @throws ApiError `forbidden`.
 */
function assertMayRerun(
  { options }: DeckContext,
  run: Run,
  rerun: Submission,
  principal: Principal,
): void {
  if (!mayControl(run, principal) && !allowsAnyone(run)) {
    throw new ApiError(
      "forbidden",
      `Cannot rerun this job: it is ${run.owner.name}'s`,
    );
  }
  const tenant = String(rerun.request.tenant_id ?? globalTenant);
  if (mayUseTenant(principal, tenant, options.tenants)) return;
  throw new ApiError(
    "forbidden",
    "client is not authorized to execute the given job",
  );
}

function allowsAnyone(run: Run): boolean {
  const { spec } = toProwJob(run, { bucket: "", baseUrl: "" });
  const config = spec.rerun_auth_config;
  return typeof config === "object" && config !== null &&
    "allow_anyone" in config && config.allow_anyone === true;
}

async function resolveLatest(
  { database }: DeckContext,
  request: ReturnType<typeof readCreateRequest>,
): Promise<ResolvedJob> {
  try {
    return await resolveJob(request, database, false);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(
      "invalid",
      `Could not create new prowjob: Failed getting prowjob spec: ${error.message}`,
      { cause: error },
    );
  }
}
