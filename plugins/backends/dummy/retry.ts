import { mayControl } from "../../../core/access.ts";
import type { PlanRetry, Retry } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Run } from "../../../core/run.ts";

/** The same once more, for the owner and administrators. */
export const planRetry: PlanRetry = async (run, asker) => {
  return await Promise.resolve(toRetry(run, asker));
};

function toRetry(run: Run, asker: Principal): Retry {
  if (!mayControl(run, asker)) {
    throw new ApiError(
      "forbidden",
      `Cannot retry run ${run.number}: it is ${run.owner.name}'s`,
    );
  }
  const { job, request, task, labels, priority, isPrivate } = run;
  return {
    submission: { job, request, task, labels, priority, isPrivate },
    owner: asker,
  };
}
