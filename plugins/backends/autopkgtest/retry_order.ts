import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import type { Options } from "./options.ts";
import type { RejectList } from "./reject_list.ts";
import { findRetried, planRetries } from "./retry.ts";

/**
 * Tests once more what a run has tested, as its owner's; the new numbers.
 *
 * @throws Refusal as `findRetried` and the plan do.
 */
export async function retry(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
  c: Context<AppEnv>,
  runId: string,
): Promise<number[]> {
  const { principal: caller, alongside } = c.var;
  const { runs } = context;
  const run = await findRetried(runs, runId, caller);
  const { submission, owner } = await planRetries(context, openList)(
    run,
    caller,
  );
  const made = await runs.submit(caller, [submission], { owner, alongside });
  return made.map(({ number }) => number);
}
