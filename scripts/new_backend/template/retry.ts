import { mayControl } from "../../../core/access.ts";
import type { PlanRetry } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";

/** The same once more, for whoever may stop the run too. */
export const planRetry: PlanRetry = (run, asker) => {
  const { job, request, task, labels, priority, isPrivate, owner } = run;
  const submission = { job, request, task, labels, priority, isPrivate };
  return mayControl(run, asker)
    ? Promise.resolve({ submission, owner: asker })
    : Promise.reject(
      new ApiError(
        "forbidden",
        `Cannot retry run ${run.number}: it is ${owner.name}'s`,
      ),
    );
};
