import { ApiError } from "../core/error.ts";
import type { Principal } from "../core/principal.ts";
import type { Run } from "../core/run.ts";
import { mayRead } from "../core/access.ts";
import type { Store } from "../db/store.ts";
import type { Dispatcher } from "./dispatcher.ts";

/**
 * The run of an id or a number, for somebody who may see it.
 *
 * @throws ApiError `not_found`, alike for a run that is not there and for one that is private to somebody else.
 */
export async function findVisible(
  store: Store,
  dispatcher: Dispatcher,
  id: string,
  principal: Principal,
): Promise<Run> {
  await dispatcher.reap();
  const run = /^\d{1,15}$/.test(id)
    ? await store.runs.findByNumber(Number(id))
    : await store.runs.find(id);
  if (run !== null && mayRead(run, principal)) return run;
  throw new ApiError(
    "not_found",
    `Cannot find run ${
      JSON.stringify(id)
    }: there is no such run that you may see`,
  );
}
