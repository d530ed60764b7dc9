import { assert } from "@std/assert";
import type { Principal } from "../../../core/principal.ts";
import type { Run, Submission } from "../../../core/run.ts";
import type { Store } from "../../../db/store.ts";

export const ackMs = 15_000;
export const leaseMs = 60_000;
export const passed = { state: "passed", message: "well done" } as const;
export const aborted = { state: "aborted", message: "stop" } as const;
export const exited = { kind: "exited", exitCode: 0 } as const;
export const lost = { state: "errored", message: "lost" } as const;

/** One runner and one owner to play with. */
export class Bench {
  private constructor(
    readonly store: Store,
    readonly clock: { now: number },
    readonly owner: Principal,
    readonly runnerId: string,
  ) {}

  static async create(store: Store, clock: { now: number }): Promise<Bench> {
    const { account } = await store.accounts.ensure("group", "bots", ["*:*"]);
    const runnerId = crypto.randomUUID();
    await store.runners.register({
      id: runnerId,
      name: "r",
      offers: [],
      token: crypto.randomUUID(),
      version: "0",
    });
    const owner: Principal = {
      kind: "group",
      account: account.id,
      name: account.name,
      permissions: account.permissions,
      limits: account.limits,
      via: "test",
      credential: "none",
    };
    return new Bench(store, clock, owner, runnerId);
  }

  async claim(
    options: {
      claimId?: string;
      runnerId?: string;
      offers?: Record<string, string[]>[];
    } = {},
  ) {
    const attemptToken = crypto.randomUUID();
    const run = await this.store.attempts.claim({
      runnerId: options.runnerId ?? this.runnerId,
      claimId: options.claimId ?? crypto.randomUUID(),
      attemptToken,
      offers: options.offers ??
        [{ backend: ["dummy"], arch: ["amd64", "arm64"] }],
    });
    return { run, fence: { runId: run?.id ?? "", attemptToken } };
  }

  async submitAndStart(
    job: string,
  ): Promise<{ run: Run; fence: { runId: string; attemptToken: string } }> {
    await this.store.runs.submit("dummy", this.owner, [submission(job)]);
    const { fence } = await this.claim();
    const run = await this.store.attempts.start(fence);
    assert(run !== null && run.job === job, `${job} was started`);
    return { run, fence };
  }

  async takeBack(runs: readonly Run[]): Promise<void> {
    await this.store.leases.takeBack(
      runs.map((run) => ({ run, lost, cancelled: aborted })),
    );
  }

  async takeBackExpired(): Promise<void> {
    await this.takeBack(await this.store.leases.expired());
  }
}

export function submission(job: string): Submission {
  return {
    job,
    request: { job },
    task: {},
    labels: { backend: "dummy", arch: "amd64" },
  };
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
