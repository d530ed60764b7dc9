import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import type { Options } from "./options.ts";
import { Refusal } from "./refusal.ts";
import type { RejectList } from "./reject_list.ts";
import { findRetried, readAgain } from "./retry.ts";
import { submit } from "./submit.ts";
import { defaultPriority } from "./target.ts";

/**
 * Tests once more what a run has tested, as its owner's; the new numbers.
 *
 * @throws Refusal as `findRetried` and `readAgain` do; `forbidden` for a package on the reject list.
 */
export async function retry(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
  c: Context<AppEnv>,
  runId: string,
): Promise<number[]> {
  const { principal: caller, alongside } = c.var;
  const { runs, options } = context;
  const run = await findRetried(runs, runId, caller);
  const again = readAgain(run, { options, caller });
  const rejectList = await openList();
  if (rejectList.isRejected({ ...again.target, package: run.job })) {
    throw new Refusal(
      `Package ${run.job} is in the REJECT list and cannot be retried`,
      [],
      "forbidden",
    );
  }
  return await submit(context, {
    asker: caller,
    owner: run.owner,
    priority: defaultPriority,
    tests: [again],
    rejectList,
    alongside,
  });
}
