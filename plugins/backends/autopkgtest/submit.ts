import type { Alongside } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Options } from "./options.ts";
import type { RejectList } from "./reject_list.ts";
import { type TargetedTest, toSubmission } from "./submission.ts";

/** Tests to be stored together. */
export type Order = {
  readonly asker: Principal;
  readonly priority: number;
  readonly tests: readonly TargetedTest[];
  readonly rejectList: RejectList;
  readonly alongside: Alongside | undefined;
};

/** Stores all tests or none; the numbers of the runs come back in the order of the tests. */
export async function submit(
  { runs, options }: BackendContext<Options>,
  { asker, priority, tests, rejectList, alongside }: Order,
): Promise<number[]> {
  if (tests.length === 0) return [];
  const batch = { priority, rejectList };
  const submissions = tests.map((test) => toSubmission(test, batch, options));
  const made = await runs.submit(asker, submissions, { alongside });
  return made.map((run) => run.number);
}
