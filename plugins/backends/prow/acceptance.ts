import { requireWithin } from "../../../core/access.ts";
import type { Alongside } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Run } from "../../../core/run.ts";
import type { CreateRequest } from "./create_request.ts";
import type { Options } from "./options.ts";
import { requestFault } from "./request_rules.ts";
import { type ResolvedJob, resolveJob } from "./resolution.ts";
import { toSubmission } from "./submission.ts";
import { mayUseTenant, tenantOf } from "./tenant.ts";

/** Callers send whole configurations as one environment variable (gangway 29). */
export const maxBodyBytes = 8 * 1024 * 1024;

/** A request that may be carried out, with the job that it means. */
export type Accepted = {
  readonly request: CreateRequest;
  readonly job: ResolvedJob;
  readonly tenant: string;
};

/**
 * Checks a request in Gangway's order: its own rules, its job, its tenant (wire
 * section 1.4), then the limits of who asks. The one way in for the API and for
 * the form of a job's page.
 *
 * @throws ApiError `invalid`, `not_found`, `conflict` or `forbidden`; when `isStrict`, `internal` for what Gangway answers so.
 */
export async function acceptRequest(
  { options, database }: Pick<BackendContext<Options>, "options" | "database">,
  asker: Principal,
  request: CreateRequest,
  isStrict: boolean,
): Promise<Accepted> {
  const fault = requestFault(request);
  if (fault !== null) throw new ApiError("invalid", fault);
  const job = await resolveJob(request, database, isStrict);
  const tenant = tenantOf(job.definition, job.orgRepo, options.defaultTenants);
  if (!mayUseTenant(asker, tenant, options.tenants)) {
    throw new ApiError(
      "forbidden",
      "client is not authorized to execute the given job",
    );
  }
  requireWithin(asker, { backend: "prow", job: job.definition.name });
  return { request, job, tenant };
}

/** Makes the run of an accepted request, for its asker. */
export async function submitAccepted(
  { runs, options }: Pick<BackendContext<Options>, "options" | "runs">,
  { request, job, tenant }: Accepted,
  { owner, alongside }: {
    readonly owner: Principal;
    readonly alongside: Alongside | undefined;
  },
): Promise<Run> {
  const submission = toSubmission(job, tenant, request, options);
  const [run] = await runs.submit(owner, [submission], { alongside });
  if (run === undefined) throw new TypeError("Cannot submit: no run came back");
  return run;
}
