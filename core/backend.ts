import type { OpenAPIHono } from "@hono/zod-openapi";
import type * as z from "zod";
import type { Alongside, AppEnv } from "./app_env.ts";
import type { Artifacts, Logs } from "./artifact.ts";
import { optionFaults } from "./auth.ts";
import type { Database, Migration } from "./database.ts";
import type { ApiError } from "./error.ts";
import { type Facet, facetFaults } from "./facet.ts";
import type { RunEvent } from "./run_event.ts";
import type { Log } from "./log.ts";
import type { Menu } from "./menu.ts";
import type { Principal } from "./principal.ts";
import type {
  End,
  Outcome,
  Run,
  RunState,
  RunSummary,
  Submission,
} from "./run.ts";

/** Which runs of the backend to list. Every field narrows. */
export type RunFilter = {
  readonly job?: string;
  readonly states?: readonly RunState[];
  /** Account id. */
  readonly owner?: number;
  /** Only what they may read (`mayRead` of access.ts); null is anybody. */
  readonly reader?: Principal | null;
  /** Epoch ms, inclusive, of the last change. */
  readonly updatedSince?: number;
  /** `newest`: by number, falling. `changed`: by last change, rising. */
  readonly order?: "newest" | "changed";
  /** Epoch ms, inclusive, of the last change. */
  readonly updatedUntil?: number;
  /** Only runs with a smaller number: where the page before ended. */
  readonly before?: number;
  /** Only runs behind this one in the order `changed`: where the page before ended. */
  readonly after?: Pick<Run, "updatedAt" | "number">;
  /** At most this many. */
  readonly limit?: number;
};

/** Whose a run is: a principal, or the owner of an earlier run. */
export type RunOwner = Pick<Principal, "account" | "name">;

/** The verbs on runs that a backend is lent; they see its own runs only. */
export interface Runs {
  /**
   * Stores all submissions or none, durably; the runs come back in the same
   * order. A route passes `c.var.alongside` on, so that a repeated request is known.
   *
   * @throws ApiError `forbidden` when the asker is limited to other work.
   */
  submit(
    asker: Principal,
    submissions: readonly Submission[],
    options?: {
      readonly alongside?: Alongside | undefined;
      /** Whose the runs are to be, when not the asker's: who asks for somebody else's run again. */
      readonly owner?: RunOwner;
    },
  ): Promise<readonly Run[]>;
  /**
   * The run's states as they are seen and all of its log until it ends, from
   * after the event `lastEventId` on. Of states that pass quickly only the last is told.
   */
  events(
    run: Run,
    lastEventId: string | undefined,
    gone: AbortSignal,
  ): AsyncGenerator<RunEvent>;
  /** The run once it is in another state than `run`, or has ended, or after the time. */
  waitForChange(
    run: Run,
    waitMs: number,
    gone: AbortSignal,
  ): Promise<Run>;
  find(id: string): Promise<Run | null>;
  findByNumber(number: number): Promise<Run | null>;
  list(filter: RunFilter): Promise<readonly Run[]>;
  /**
   * As `list`, without what is large: of the request only the named members, `null` where there is none.
   * A small request is read faster as a whole. For lists of thousands.
   */
  summaries(
    filter: RunFilter,
    members: readonly string[] | "all",
  ): Promise<readonly RunSummary[]>;
  /** Ends a waiting run at once and asks the runner of a live one to stop; an ended run stays as it is. */
  cancel(id: string): Promise<Run | null>;
  /** Cancels, in one write, those of the runs that are in one of the states; others stay as they are. */
  cancelMany(
    ids: readonly string[],
    states: readonly RunState[],
  ): Promise<void>;
  /** Makes private runs of the asker public; numbers of others' runs, and of those outside the asker's limits, are ignored. Returns those that were private. */
  publish(
    asker: Principal,
    numbers: readonly number[],
  ): Promise<readonly number[]>;
  /** When a run of the owner was last changed, as epoch ms; 0 when there is none. */
  lastChange(owner: RunOwner): Promise<number>;
  /** By number, the place of each queued run among those that want the same runners; 1 is next. */
  queuePlaces(
    runs: readonly RunSummary[],
  ): Promise<ReadonlyMap<number, number>>;
  /** As `queuePlaces`, for all queued runs of an owner: for lists of thousands. */
  queuePlacesOf(owner: RunOwner): Promise<ReadonlyMap<number, number>>;
}

/** What a backend is lent. */
export type BackendContext<Options> = {
  readonly options: Options;
  readonly runs: Runs;
  readonly logs: Logs;
  readonly artifacts: Artifacts;
  /** For its own tables only. */
  readonly database: Database;
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly log: Log;
  /** Public base URL without a final slash: the configured one, else the request's own. */
  readonly baseUrl: (request: Request) => string;
};

/** What pages and the CLI show of a run. */
export type Description = {
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly links: readonly { readonly name: string; readonly href: string }[];
};

/** A run's work once more, as it would be asked for now; nothing is stored yet. */
export type Retry = {
  readonly submission: Submission;
  /** Whose the new run is to be. */
  readonly owner: RunOwner;
};

/**
 * Works out what asking for a run's work once more comes to. It stores nothing,
 * so that pages can show beforehand which of many runs they would leave out.
 * Whoever calls it has seen to it that the asker may read the run.
 *
 * @throws ApiError when the asker may not, or when it is not to be had any more; the text says why.
 */
export type PlanRetry = (run: Run, asker: Principal) => Promise<Retry>;

/** How a dialect refuses. */
export type Dialect = {
  /**
   * Paths that speak it, with all below them: `/api`, `/v1/executions`. Unknown
   * paths there are refused in the dialect too.
   */
  readonly prefixes: readonly string[];
  /** Paths of the backend's own that are part of the native API, as prefixes: refused as `application/problem+json`. */
  readonly nativePrefixes?: readonly string[];
  /** Turns a tolerated spelling of a path into the declared one, e.g. without a doubled slash. */
  readonly normalisePath?: (pathname: string) => string;
  /** The refusal as this dialect's clients read it. `principal` is known once the caller has signed in. */
  readonly refuse: (
    error: ApiError,
    request: Request,
    principal: Principal | null,
  ) => Response;
};

/**
 * A translator between one dialect and runs. It executes nothing and does no
 * I/O but through what it is lent, so it works at the edge.
 */
export type Backend = {
  /** Its folder's name and the prefix of its tables. */
  readonly name: string;
  readonly summary: string;
  readonly migrations: readonly Migration[];
  readonly faults: readonly string[];
  readonly dialect: Dialect;
  /** The operator publishes its runs: pages show those that are not private to anybody. */
  readonly isPublic: boolean;
  /** Its pages in the menus; their routes are among its routes, declared with `page` of `ui/kit/`. */
  readonly menu: Menu;
  /** What its runs are filtered by, beside what all runs have. */
  readonly facets: readonly Facet[];
  routes(lent: Omit<BackendContext<never>, "options">): OpenAPIHono<AppEnv>;
  /** Does no I/O; the returned function does. Null: runs of this backend are not asked for again. */
  retry(lent: Omit<BackendContext<never>, "options">): PlanRetry | null;
  /** Pure and total: every end has an outcome. */
  outcome(end: End): Outcome;
  describe(run: Run): Description;
};

/** Defines a backend; the result is called with its options in `slipway.config.ts`. */
export function defineBackend<Options extends z.ZodType>(definition: {
  name: string;
  summary: string;
  options: Options;
  migrations: readonly Migration[];
  dialect: Dialect;
  /** Called once at start. Declares every route with `guarded` of `http/guard.ts`. */
  routes: (context: BackendContext<z.output<Options>>) => OpenAPIHono<AppEnv>;
  outcome: (end: End) => Outcome;
  describe: (run: Run) => Description;
  /** Called once at start. What its own routes repeat runs with, the pages do too. */
  retry?: (context: BackendContext<z.output<Options>>) => PlanRetry;
  /** Its pages in the menus, for people; outside the prefixes of its dialect. */
  menu?: Menu;
  /**
   * What its runs are filtered by on `/runs`. Runs that were submitted before a
   * facet was named are not found by it, unless a migration of the backend
   * fills in `run_facet` and `run.facet` (db/schema.md).
   */
  facets?: readonly Facet[];
  /** Whether its options publish its runs; they do not by default. */
  isPublic?: (options: z.output<Options>) => boolean;
}): (options?: z.input<Options>) => Backend {
  return (options) => {
    const parsed = definition.options.safeParse(options ?? {});
    const readOptions = () => {
      if (parsed.success) return parsed.data;
      throw new TypeError(
        optionFaults(definition.name, parsed.error).join("\n"),
      );
    };
    return {
      ...definition,
      menu: definition.menu ?? [],
      facets: definition.facets ?? [],
      isPublic: parsed.success &&
        (definition.isPublic?.(parsed.data) ?? false),
      faults: [
        ...parsed.success ? [] : optionFaults(definition.name, parsed.error),
        ...facetFaults(definition.name, definition.facets ?? []),
      ],
      routes: (lent) => definition.routes({ ...lent, options: readOptions() }),
      retry: (lent) =>
        definition.retry?.({ ...lent, options: readOptions() }) ?? null,
    };
  };
}
