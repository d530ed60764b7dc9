import type { Known } from "./error.ts";
import type { Permission } from "./permission.ts";

/**
 * What lets somebody read the audit. `*:read` does not cover it: it is granted
 * by itself, or with all that an administrator has.
 */
export const readAudit = "audit:read_all" satisfies Permission;

/** Who acts with a shell on the server. */
export const operator = "operator";

/** Who did something, and with what. Ids only: never the text of a credential. */
export type Actor = {
  /** `principalId`, `operator` for somebody with a shell on the server, null for nobody in particular. */
  readonly principal: string | null;
  /** The way to sign in, or the script. */
  readonly via: string | null;
  readonly credential: Known["credential"] | null;
};

/** One thing that was done, or refused. */
export type AuditEntry = Actor & {
  /** The permission that it took, or a name of the same form: `keys:revoke`. */
  readonly action: string;
  /** Ids of runs, keys, tokens, runners; names of accounts. A line is written for each. */
  readonly targets: readonly string[];
  /** Address of the client; null where it is not known. */
  readonly source: string | null;
  /** `done`, or the code of the refusal. */
  readonly outcome: string;
  readonly requestId: string | null;
};

/** A line as it is kept. */
export type AuditLine = Omit<AuditEntry, "targets"> & {
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
  readonly target: string | null;
};

/** Which lines to list. Every field narrows; times are epoch ms. */
export type AuditFilter = {
  readonly principal?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly outcome?: string | undefined;
  /** Inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
  /** Only lines older than this one: where the page before ended. */
  readonly before?: Pick<AuditLine, "at" | "id"> | undefined;
  readonly limit: number;
};
