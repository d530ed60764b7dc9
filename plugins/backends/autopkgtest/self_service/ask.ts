import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { seeOther } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { Refusal } from "../refusal.ts";
import type { RejectList } from "../reject_list.ts";
import type { TargetedTest } from "../submission.ts";
import { submit } from "../submit.ts";
import { readPriority } from "../target.ts";
import { ownPath } from "./path.ts";
import { toParams } from "./test_form.ts";

/** Stores all tests or none, and leads to the list of what the reader has asked for. */
export async function ask(
  context: BackendContext<Options>,
  c: Context<AppEnv>,
  order: {
    readonly priority: number;
    readonly tests: readonly TargetedTest[];
    readonly rejectList: RejectList;
  },
): Promise<Response> {
  const { principal: asker, alongside } = c.var;
  const made = await submit(context, { ...order, asker, alongside });
  return seeOther(`${ownPath(asker.name, "/jobs")}?asked=${made.length}`);
}

/** The priority, or what is wrong with it. */
export function priorityOf(priority: string): number | string {
  try {
    return readPriority(toParams({ priority }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return "Write a number from 1 to 10, or nothing for 5";
  }
}
