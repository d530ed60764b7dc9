import type { Retry, RunFilter } from "./backend.ts";
import type { Labels, Offer } from "./label.ts";
import type { RunState, RunSummary } from "./run.ts";

/**
 * What pages read of the store, beyond what backends do.
 * @module
 */

/** Which runs a page shows. Every field narrows. */
export type PageFilter =
  & Pick<
    RunFilter,
    "job" | "states" | "owner" | "reader" | "before" | "limit"
  >
  & {
    readonly backend?: string;
    /** Of these runs alone. */
    readonly numbers?: readonly number[];
    /** Names of backends. */
    readonly backends?: readonly string[];
    /** Name of an account of either kind. */
    readonly ownerName?: string;
    /** Values of backends' facets, by the facets' names. */
    readonly facets?: { readonly [name: string]: string };
    /** Epoch ms, inclusive. */
    readonly createdSince?: number;
    /** Epoch ms, exclusive. */
    readonly createdUntil?: number;
    /** Only runs with a larger number, those closest to it first kept: the page before. */
    readonly above?: number;
  };

/** How a run ended and how long it took. */
export type Ending = {
  readonly state: RunState;
  /** Null for a run that never started. */
  readonly durationMs: number | null;
};

/** Runs that wait for the same runners. */
export type Queue = {
  readonly labels: Labels;
  readonly length: number;
  /** When the one that was asked for first was asked for, as epoch ms. */
  readonly oldestAt: number;
};

/** A runner as people see it. */
export type RunnerView = {
  readonly id: string;
  readonly name: string;
  readonly offers: readonly Offer[];
  /** Epoch ms, to about ten seconds. */
  readonly seenAt: number;
};

/** A retry, and whose backend's. */
export type PlannedRetry = Retry & { readonly backend: string };

/** The queries of pages. */
export interface PageData {
  /** Newest first. The request of each is left out. */
  list(filter: PageFilter): Promise<readonly RunSummary[]>;
  /** Of the newest runs that have ended, at most `limit`. */
  endings(filter: PageFilter, limit: number): Promise<readonly Ending[]>;
  /** Longest first. */
  queues(): Promise<readonly Queue[]>;
  /** Those seen since a time (epoch ms), by name. */
  runners(since: number): Promise<readonly RunnerView[]>;
}
