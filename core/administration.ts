import type { Account, Groups } from "./account.ts";
import type { AuditFilter, AuditLine } from "./audit.ts";
import type { Labels, Offer } from "./label.ts";
import type { Principal } from "./principal.ts";
import type { RunSummary } from "./run.ts";

/**
 * What those who run the service read and change on their pages.
 * @module
 */

/** Which accounts a page shows, in the order of their names. */
export type AccountFilter = {
  readonly kind: Account["kind"];
  /** A part of the name. */
  readonly text?: string | undefined;
  readonly only?: AccountKind | undefined;
  /** Only names behind this one: where the page before ended. */
  readonly after?: string | undefined;
  readonly limit: number;
};

/** Accounts that somebody looks for. */
export const accountKinds = ["administrators", "limited", "disabled"] as const;

export type AccountKind = (typeof accountKinds)[number];

/** An account, and when it last changed something (epoch ms; null: never). */
export type AccountRow = Account & { readonly actedAt: number | null };

/** Users and groups. */
export interface AccountAdmin {
  list(filter: AccountFilter): Promise<readonly AccountRow[]>;
  findByName(
    kind: Account["kind"],
    name: string,
  ): Promise<AccountRow | null>;
  /** The account of that name, made with these permissions when it is new. */
  ensure(
    kind: Account["kind"],
    name: string,
    permissions: Account["permissions"],
  ): Promise<{ readonly account: Account; readonly created: boolean }>;
  /** What an account may do from now on. False, and nothing is changed, when nobody would be an administrator any more. */
  allow(
    id: number,
    access: Pick<Account, "permissions" | "limits">,
  ): Promise<boolean>;
  /** Refuses every credential of an account, or takes them again; false as for `allow`. */
  disable(id: number, isDisabled: boolean): Promise<boolean>;
  /** Its runs that changed last and that the reader may see. */
  recentRuns(
    id: number,
    reader: Principal,
    limit: number,
  ): Promise<readonly RunSummary[]>;
}

/** Groups and who owns them. */
export type GroupAdmin = Pick<Groups, "owners"> & {
  /** The groups that a user owns, in the order of their names. */
  owned(user: number): Promise<readonly Account[]>;
  /** Makes users owners, who may manage tokens from then on. */
  addOwners(group: number, users: readonly Account[]): Promise<void>;
  /** Whether the user was an owner until now. */
  removeOwner(group: number, user: number): Promise<boolean>;
};

/** A runner. Times are epoch ms. */
export type RunnerFacts = {
  readonly id: string;
  readonly name: string;
  readonly offers: readonly Offer[];
  readonly version: string;
  readonly state: "active" | "paused" | "revoked";
  readonly registeredAt: number;
  /** About when it last asked for work. */
  readonly seenAt: number;
};

/** What is done to a runner. */
export type RunnerChange = "pause" | "resume" | "revoke";

/** Runners. */
export type RunnerAdmin = {
  /** Those seen since a time, or all, the one that was seen last first. */
  list(since: number | null, limit: number): Promise<readonly RunnerFacts[]>;
  find(id: string): Promise<RunnerFacts | null>;
  /** Null: there is no such runner. Doing it again changes nothing. */
  change(id: string, change: RunnerChange): Promise<RunnerFacts | null>;
};

/** How many of the runs that wait in a queue are of one owner. */
export type Share = {
  readonly labels: Labels;
  readonly owner: { readonly account: number; readonly name: string };
  readonly kind: Account["kind"];
  readonly length: number;
  /** Owners in this queue. */
  readonly owners: number;
};

/** Who waits, and who works. */
export interface Load {
  /** How many runs each runner has in hand, by its id. */
  inHand(): Promise<ReadonlyMap<string, number>>;
  /** Those of a runner that the reader may see, the newest first. */
  runsOf(
    runner: string,
    reader: Principal,
    limit: number,
  ): Promise<readonly RunSummary[]>;
  /** The owners with the most runs in each queue, so many of each. */
  shares(each: number): Promise<readonly Share[]>;
}

/** Part of the audit, as far as it was looked through. */
export type AuditPage = {
  readonly lines: readonly AuditLine[];
  /** Where to go on; null at the end. */
  readonly next: Pick<AuditLine, "at" | "id"> | null;
};

/** The audit. */
export interface AuditReader {
  /** The newest lines first; it looks at no more than `scanned` lines, so a page may have fewer than are asked for while there are more. */
  search(filter: AuditFilter, scanned: number): Promise<AuditPage>;
}

/** What an account can sign in with, of one way to sign in. */
export type Holding = {
  /** What one of them is called: `Auth-Key`. */
  readonly noun: string;
  /** Those that work. */
  readonly count: number;
  /** When one of them was used last, as epoch ms; null when that is not known. */
  readonly usedAt: number | null;
};

/** What the pages of the administration are lent. */
export type Administration = {
  readonly accounts: AccountAdmin;
  readonly groups: GroupAdmin;
  readonly runners: RunnerAdmin;
  readonly load: Load;
  readonly audit: AuditReader;
  /** What an account can sign in with; ways to sign in that it does not use are left out. */
  holdings(account: number): Promise<readonly Holding[]>;
};
