import type { Alongside } from "../core/app_env.ts";
import type { PlanRetry } from "../core/backend.ts";
import { ApiError } from "../core/error.ts";
import type { PlannedRetry } from "../core/page_data.ts";
import type { Principal } from "../core/principal.ts";
import { isEnd, type Run } from "../core/run.ts";
import type { Store } from "../db/store.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { submitAll } from "./lent_runs.ts";

/** Asks for the work of runs once more, each as its backend says. */
export class Retrier {
  readonly #store: Store;
  readonly #dispatcher: Dispatcher;
  readonly #plans: ReadonlyMap<string, PlanRetry>;

  /** `plans`: by the backend's name, those that ask again. */
  constructor(
    store: Store,
    dispatcher: Dispatcher,
    plans: ReadonlyMap<string, PlanRetry>,
  ) {
    this.#store = store;
    this.#dispatcher = dispatcher;
    this.#plans = plans;
  }

  /** Whether runs of a backend are asked for again at all. */
  knows(backend: string): boolean {
    return this.#plans.has(backend);
  }

  /**
   * What the retry of a run comes to; nothing is stored. Whoever calls it has
   * seen to it that the asker may read the run.
   *
   * @throws ApiError that says why there is none, or none for the asker.
   */
  async plan(run: Run, asker: Principal): Promise<PlannedRetry> {
    const cannot = `Cannot retry run ${run.number}:`;
    const plan = this.#plans.get(run.backend);
    if (plan === undefined) {
      throw new ApiError(
        "unprocessable",
        `${cannot} the backend ${run.backend} has no retry`,
      );
    }
    if (!isEnd(run.state)) {
      throw new ApiError(
        "conflict",
        `${cannot} it is not over; wait for its end, or cancel it first`,
      );
    }
    return { ...await plan(run, asker), backend: run.backend };
  }

  /**
   * Stores the new runs of all retries or none. They come back in the order of
   * their backends and owners.
   *
   * @throws ApiError `forbidden` when the asker is limited to other work.
   */
  async carryOut(
    retries: readonly PlannedRetry[],
    asker: Principal,
    alongside: Alongside | undefined,
  ): Promise<readonly Run[]> {
    const groups = Map.groupBy(
      retries,
      ({ backend, owner }) => `${owner.account} ${backend}`,
    );
    const orders = [...groups.values()].flatMap((group) =>
      group.slice(0, 1).map(({ backend, owner }) => ({
        backend,
        owner,
        submissions: group.map(({ submission }) => submission),
      }))
    );
    const parts = {
      store: this.#store,
      dispatcher: this.#dispatcher,
      alongside,
    };
    return await submitAll(asker, orders, parts);
  }
}
