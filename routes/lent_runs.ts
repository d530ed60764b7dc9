import { requireWithin } from "../core/access.ts";
import type { Alongside } from "../core/app_env.ts";
import type { Runs } from "../core/backend.ts";
import type { Principal } from "../core/principal.ts";
import { isEnd, type Run } from "../core/run.ts";
import type { RunOrder } from "../db/new_runs.ts";
import type { Store } from "../db/store.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Follower } from "./follower.ts";

/** The verbs on runs that one backend is lent: it sees its own runs only. */
export function lendRuns(
  backend: string,
  store: Store,
  dispatcher: Dispatcher,
  follower: Follower,
): Runs {
  const own = (run: Run | null) => run?.backend === backend ? run : null;
  return {
    async submit(asker, submissions, { owner = asker, alongside } = {}) {
      const order = { backend, owner, submissions };
      return await submitAll(asker, [order], { store, dispatcher, alongside });
    },
    find: async (id) => own(await store.runs.find(id)),
    findByNumber: async (number) => own(await store.runs.findByNumber(number)),
    list: (filter) => store.runs.list({ ...filter, backend }),
    summaries: (filter, members) =>
      store.runs.summaries({ ...filter, backend }, members),
    async cancel(id) {
      const run = own(await store.runs.find(id));
      return run === null
        ? null
        : await cancelRun(run, store, dispatcher, follower);
    },
    waitForChange: (run, waitMs, gone) =>
      follower.waitForChange(run, waitMs, gone),
    events: (run, lastEventId, gone) => follower.events(run, lastEventId, gone),
    async cancelMany(ids, states) {
      await store.attempts.cancelMany(
        { backend, ids, states },
        dispatcher.outcome(backend, { kind: "cancelled" }),
      );
      for (const id of ids) follower.changed(id);
    },
    publish: (owner, numbers) => store.runs.publish(backend, owner, numbers),
    lastChange: (owner) => store.runs.lastChange(backend, owner),
    queuePlacesOf: (owner) => store.runs.queuePlacesOf(backend, owner),
    queuePlaces: (runs) =>
      store.runs.queuePlaces(
        runs.filter((run) => run.backend === backend && run.state === "queued"),
      ),
  };
}

/**
 * Stores the submissions of all orders or none, and wakes runners for them.
 *
 * @throws ApiError `forbidden` when the asker is limited to other work.
 */
export async function submitAll(
  asker: Principal,
  orders: readonly RunOrder[],
  { store, dispatcher, alongside }: {
    readonly store: Store;
    readonly dispatcher: Dispatcher;
    readonly alongside: Alongside | undefined;
  },
): Promise<readonly Run[]> {
  for (const { backend, submissions } of orders) {
    for (const { job } of submissions) requireWithin(asker, { backend, job });
  }
  const runs = await store.runs.submitAll(orders, alongside);
  dispatcher.wake(
    runs.filter((run) => !isEnd(run.state)).map((run) => run.labels),
  );
  return runs;
}

/** Ends a waiting run at once and asks the runner of a live one to stop. */
export async function cancelRun(
  run: Run,
  store: Store,
  dispatcher: Dispatcher,
  follower: Follower,
): Promise<Run> {
  if (isEnd(run.state)) return run;
  await store.attempts.cancel(
    run.id,
    dispatcher.outcome(run.backend, { kind: "cancelled" }),
  );
  follower.changed(run.id);
  return await store.runs.find(run.id) ?? run;
}
