import type { Account } from "../core/account.ts";
import type { Alongside } from "../core/app_env.ts";
import type { Administration } from "../core/administration.ts";
import type { Artifacts, Logs } from "../core/artifact.ts";
import type { Attempts } from "../core/attempt.ts";
import type { Backend } from "../core/backend.ts";
import type { Permission } from "../core/permission.ts";
import type { PageData, PlannedRetry } from "../core/page_data.ts";
import type { Principal } from "../core/principal.ts";
import type { Run } from "../core/run.ts";
import type { Waiting } from "../core/waiting.ts";

/** What the pages are lent. */
export type PagesParts = {
  readonly backends: readonly Pick<
    Backend,
    "name" | "summary" | "isPublic" | "describe" | "facets"
  >[];
  readonly data: PageData;
  readonly logs: Logs;
  readonly artifacts: Artifacts;
  readonly attempts: Attempts;
  readonly runs: {
    /** By id or number; whoever may not read it must not be told. */
    find(id: string): Promise<Run | null>;
    /** How a run stands in its queue; null for one that is in none. */
    waiting(run: Run): Promise<Waiting | null>;
    /** Ends a waiting run, asks the runner of a live one to stop. */
    cancel(run: Run): Promise<Run>;
    /** As `cancel`, for runs of any backends in one write; those that it ended or asked to end. */
    cancelMany<Cancelled extends Pick<Run, "id" | "backend">>(
      runs: readonly Cancelled[],
    ): Promise<readonly Cancelled[]>;
    /** Those of the numbers that there are. */
    findMany(numbers: readonly number[]): Promise<readonly Run[]>;
    /** The run once its state is another, or it has ended, or after the time. */
    waitForChange(run: Run, waitMs: number, gone: AbortSignal): Promise<Run>;
    /** Whether its backend asks for runs again. */
    canRetry(run: Pick<Run, "backend">): boolean;
    /**
     * What a retry comes to; nothing is stored.
     *
     * @throws ApiError that says why there is none, or none for the asker.
     */
    planRetry(run: Run, asker: Principal): Promise<PlannedRetry>;
    /** Stores the new runs of all retries or none, in the order of their backends and owners. */
    retry(
      retries: readonly PlannedRetry[],
      asker: Principal,
      alongside: Alongside | undefined,
    ): Promise<readonly Run[]>;
    /** Makes a private run of the asker's public; any other stays as it is. */
    publish(run: Run, asker: Principal): Promise<void>;
  };
  readonly admin: Administration;
  /** When any run was last changed, as epoch ms: now, or each time that it is after `since`. */
  readonly changes: {
    last(): Promise<number>;
    /** @throws ApiError `rate_limited` when too many watch. */
    watch(
      since: number | null,
      gone: AbortSignal,
      isAnonymous: boolean,
    ): AsyncGenerator<number>;
  };
  /** The OpenAPI document's operations, for who reads without script. */
  readonly operations: () => readonly Operation[];
  /** Public URL of the server, without a final slash. */
  readonly baseUrl: (request: Request) => string;
  /** Lets other requests go on in the middle of a long look. */
  readonly giveWay: () => Promise<void>;
  /** The groups that a user owns, in the order of their names. */
  readonly ownedGroups: (user: number) => Promise<readonly Account[]>;
  readonly now: () => number;
};

/** One call of the API. */
export type Operation = {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly access: Permission | string;
};
