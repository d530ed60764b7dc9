import { systemIds } from "../../core/id.ts";
import type { Principal } from "../../core/principal.ts";
import type { Run, Submission } from "../../core/run.ts";
import type { Fence } from "../../db/attempt_store.ts";
import { migrate } from "../../db/migrate.ts";
import { coreMigrations } from "../../db/migrations/mod.ts";
import { openStore, type Store } from "../../db/store.ts";
import type { OpenedDatabase } from "./database.ts";

const durations = { ackMs: 15_000, leaseMs: 60_000 };
const passed = { state: "passed", message: "well done" } as const;
const aborted = { state: "aborted", message: "stop" } as const;
const lost = {
  state: "errored",
  message: "lost",
} as const;

/** A run that the runner has. */
export type Claimed = {
  readonly id: string;
  readonly number: number;
  readonly job: string;
  readonly fence: Fence;
};

/** A store with owners that are made when they are named, and one runner that takes everything. */
export class QueueBench {
  /** What the runner has and has not finished, the oldest claim first. */
  readonly live: Claimed[] = [];

  private constructor(
    readonly store: Store,
    readonly clock: { now: number },
    readonly runnerId: string,
  ) {}

  static async create({ database }: OpenedDatabase): Promise<QueueBench> {
    const clock = { now: 1_000_000 };
    const now = () => clock.now;
    await migrate(
      database,
      [{ owner: "core", migrations: coreMigrations }],
      now,
    );
    const store = openStore(database, now, systemIds(Date.now), durations);
    const runnerId = crypto.randomUUID();
    await store.runners.register({
      id: runnerId,
      name: "r",
      offers: [],
      token: crypto.randomUUID(),
      version: "0",
    });
    return new QueueBench(store, clock, runnerId);
  }

  async owner(name: string): Promise<Principal> {
    const { account } = await this.store.accounts.ensure("user", name, []);
    const { id, kind, permissions } = account;
    return {
      kind,
      account: id,
      name,
      permissions,
      limits: [],
      via: "test",
      credential: "none",
    };
  }

  /** One run for each job, by one owner. */
  async submit(
    owner: string,
    jobs: readonly string[],
    options: Partial<Submission> & { suite?: string } = {},
  ): Promise<Run[]> {
    const { suite = "unstable", ...rest } = options;
    const labels = { backend: "dummy", suite };
    return await this.store.runs.submit(
      "dummy",
      await this.owner(owner),
      jobs.map((job) => ({
        job,
        request: { job },
        task: {},
        labels,
        ...rest,
      })),
    );
  }

  /** Claims and starts the next run, if there is one. */
  async tryClaim(): Promise<Claimed | null> {
    const attemptToken = crypto.randomUUID();
    const run = await this.store.attempts.claim({
      runnerId: this.runnerId,
      claimId: crypto.randomUUID(),
      attemptToken,
      offers: [{ backend: ["dummy"], suite: ["*"] }],
    });
    if (run === null) return null;
    const { id, number, job } = run;
    const claimed = { id, number, job, fence: { runId: id, attemptToken } };
    await this.store.attempts.start(claimed.fence);
    this.live.push(claimed);
    return claimed;
  }

  async claim(): Promise<Claimed> {
    const claimed = await this.tryClaim();
    if (claimed === null) throw new Error("Nothing was there to claim");
    return claimed;
  }

  /** Claims up to so many runs, and tells their jobs. */
  async claimAll(atMost = Infinity): Promise<string[]> {
    const jobs: string[] = [];
    while (jobs.length < atMost) {
      const claimed = await this.tryClaim();
      if (claimed === null) break;
      jobs.push(claimed.job);
    }
    return jobs;
  }

  async finish({ fence }: Claimed): Promise<void> {
    await this.store.attempts.finish(fence, exited(0), passed);
  }

  /** The attempt fails for a while; what becomes of its run. */
  async failForNow({ fence }: Claimed, exitCode = 75): Promise<Run | null> {
    const outcome = {
      state: "errored",
      message: "no testbed",
      isTemporary: true,
    } as const;
    return await this.store.attempts.finish(fence, exited(exitCode), outcome);
  }

  async find(id: string): Promise<Run> {
    const run = await this.store.runs.find(id);
    if (run === null) throw new Error(`${id} is not there`);
    return run;
  }

  /** Lets time pass until every live run is lost, and takes them back. */
  async loseLive(): Promise<void> {
    this.clock.now += durations.leaseMs + 1;
    const runs = await this.store.leases.expired();
    await this.store.leases.takeBack(
      runs.map((run) => ({ run, lost, cancelled: lost })),
    );
    this.live.length = 0;
  }

  async cancel(runs: readonly Run[]): Promise<void> {
    const ids = runs.map(({ id }) => id);
    await this.store.attempts.cancelMany(
      { backend: "dummy", ids, states: ["scheduled", "queued"] },
      aborted,
    );
  }

  /** Ends everything. */
  async clear(): Promise<void> {
    for (const claimed of this.live.splice(0)) await this.finish(claimed);
    await this.cancel(
      await this.store.runs.list({ states: ["scheduled", "queued"] }),
    );
  }
}

function exited(exitCode: number) {
  return { kind: "exited", exitCode } as const;
}
