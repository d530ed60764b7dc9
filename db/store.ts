import type { BlobStore } from "../core/blob.ts";
import type { Database } from "../core/database.ts";
import type { FacetsByBackend } from "../core/facet.ts";
import type { Ids } from "../core/id.ts";
import { AccountStore } from "./account_store.ts";
import { ArtifactStore } from "./artifact_store.ts";
import { AttemptStore, type Durations } from "./attempt_store.ts";
import { AuditStore } from "./audit_store.ts";
import { GroupStore } from "./group_store.ts";
import { IdempotencyStore } from "./idempotency_store.ts";
import { LeaseStore } from "./lease_store.ts";
import { LogStore } from "./log_store.ts";
import { RunStore } from "./run_store.ts";
import { RunnerStore } from "./runner_store.ts";
import { ScheduleStore } from "./schedule_store.ts";
import { SignInStore } from "./sign_in_store.ts";

/** Everything that is remembered, by noun. */
export type Store = {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly groups: GroupStore;
  readonly runs: RunStore;
  readonly attempts: AttemptStore;
  readonly schedule: ScheduleStore;
  readonly leases: LeaseStore;
  readonly logs: LogStore;
  readonly artifacts: ArtifactStore;
  readonly runners: RunnerStore;
  readonly idempotency: IdempotencyStore;
  readonly audit: AuditStore;
  readonly signIns: SignInStore;
};

/** The store on a database, with the clock and the ids that it is lent. */
export function openStore(
  database: Database,
  now: () => number,
  ids: Ids,
  durations: Durations,
  { blobs = null, facets = new Map() }: {
    /** Where artifacts go. */
    readonly blobs?: BlobStore | null;
    /** What runs that are submitted here can be filtered by. */
    readonly facets?: FacetsByBackend;
  } = {},
): Store {
  const accounts = new AccountStore(database, now);
  return {
    database,
    accounts,
    groups: new GroupStore(database, accounts, now),
    runs: new RunStore(database, now, ids, facets),
    attempts: new AttemptStore(database, now, durations),
    schedule: new ScheduleStore(database, now),
    leases: new LeaseStore(database, now, durations.leaseMs),
    artifacts: new ArtifactStore(database, blobs, now),
    logs: new LogStore(database, now, durations.leaseMs),
    runners: new RunnerStore(database, now),
    idempotency: new IdempotencyStore(database, now),
    audit: new AuditStore(database, now),
    signIns: new SignInStore(database, now),
  };
}
