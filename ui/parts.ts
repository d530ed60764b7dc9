import type { Administration } from "../core/administration.ts";
import type { Artifacts, Logs } from "../core/artifact.ts";
import type { Backend } from "../core/backend.ts";
import type { Permission } from "../core/permission.ts";
import type { PageData } from "../core/page_data.ts";
import type { Run } from "../core/run.ts";

/** What the pages are lent. */
export type PagesParts = {
  readonly backends: readonly Pick<
    Backend,
    "name" | "summary" | "isPublic" | "describe"
  >[];
  readonly data: PageData;
  readonly logs: Logs;
  readonly artifacts: Artifacts;
  readonly runs: {
    /** By id or number; whoever may not read it must not be told. */
    find(id: string): Promise<Run | null>;
    /** Ends a waiting run, asks the runner of a live one to stop. */
    cancel(run: Run): Promise<Run>;
  };
  readonly admin: Administration;
  /** The OpenAPI document's operations, for who reads without script. */
  readonly operations: () => readonly Operation[];
  readonly now: () => number;
};

/** One call of the API. */
export type Operation = {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly access: Permission | string;
};
