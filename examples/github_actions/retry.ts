import { mayControl } from "../../core/access.ts";
import type { BackendContext, PlanRetry } from "../../core/backend.ts";
import { ApiError } from "../../core/error.ts";
import { dispatchOf, toSubmission } from "./dispatch.ts";
import { findWorkflow } from "./request.ts";
import { WorkflowStore } from "./workflow_store.ts";

/** The same ref and inputs once more, by the workflow as it is now. */
export function planRetry({ database }: BackendContext<unknown>): PlanRetry {
  const workflows = new WorkflowStore(database);
  return async (run, asker) => {
    if (!mayControl(run, asker)) {
      throw new ApiError(
        "forbidden",
        `Cannot run it again: it is ${run.owner.name}'s`,
      );
    }
    const { repository, file, ref, inputs } = dispatchOf(run);
    const found = await findWorkflow(workflows, repository, file);
    const submission = toSubmission(found, { ref, inputs }, asker);
    return { submission, owner: asker };
  };
}
