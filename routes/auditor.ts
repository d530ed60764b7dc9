import type { Context } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import type { Actor, AuditEntry } from "../core/audit.ts";
import { BoundedMap } from "../core/bounded_map.ts";
import type { Log } from "../core/log.ts";
import { principalId } from "../core/principal.ts";
import { type Allowance, takeOne } from "../core/rate.ts";
import type { AuditStore } from "../db/audit_store.ts";

/** Refused attempts that are audited: each credential's or source's, so that nobody fills the store with them. */
const refusalPolicy = { requests: 20, windowSeconds: 60 };

/** Credentials and sources whose refusals are counted; about 200 bytes each. */
const maxRemembered = 10_000;

const safeMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** Writes who changed what, for every route alike. */
export class Auditor {
  readonly #audit: AuditStore;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #refusals = new BoundedMap<string, Allowance>(maxRemembered);

  constructor(audit: AuditStore, now: () => number, log: Log) {
    this.#audit = audit;
    this.#now = now;
    this.#log = log;
  }

  /** Puts the lines of a request that makes runs into the same write as the runs: neither is there without the other. */
  besideRuns(c: Context<AppEnv>): void {
    c.set("alongside", (runIds) => {
      c.set("isAudited", true);
      return [this.#audit.lines(toEntry(c, "done", runIds))];
    });
  }

  /** Writes the lines of an answered request. It never fails: what was done is done. */
  async answered(c: Context<AppEnv>): Promise<void> {
    const outcome = outcomeOf(c);
    if (outcome === null) return;
    const entry = toEntry(c, outcome, targetsOf(c, outcome));
    if (outcome !== "done" && !this.#mayWrite(entry)) return;
    try {
      await this.#audit.record(entry);
    } catch (error) {
      const { targets, ...fields } = entry;
      this.#log("error", "Cannot write the audit", {
        ...fields,
        targets: [...targets],
        cause: String(error),
      });
    }
  }

  #mayWrite({ credential, via, source }: AuditEntry): boolean {
    const key = credential === null ? `from ${source}` : `${via} ${credential}`;
    const verdict = takeOne(
      refusalPolicy,
      this.#refusals.get(key),
      this.#now(),
    );
    this.#refusals.set(key, verdict.allowance);
    return verdict.isAdmitted;
  }
}

/** What became of a request that is to be audited; null for all others. */
function outcomeOf(c: Context<AppEnv>): string | null {
  const action = c.get("action");
  if (action === undefined) return null;
  const { status, headers } = c.res;
  const refusal = c.get("refusal");
  if (status < 400) {
    const isRepeated = headers.has("idempotency-replayed");
    // A browser comes back from where people sign in with a GET.
    const changes = !safeMethods.includes(c.req.method) ||
      c.get("actor") !== undefined;
    return changes && !isRepeated && !c.get("isAudited") ? "done" : null;
  }
  if (status >= 500) {
    return safeMethods.includes(c.req.method)
      ? null
      : refusal?.code ?? "internal";
  }
  // Dialects may answer with another status than the refusal's own.
  const code = refusal?.code;
  if (code === "forbidden") return code;
  return code === "unauthenticated" && refusal?.options.known ? code : null;
}

/**
 * What a request was about: what its route says, else the ids in its path. What
 * was asked for in vain may be a credential in the wrong place, so then only
 * numbers and ids of our own making (UUIDs of version 7; keys are of version 4) are kept.
 */
function targetsOf(c: Context<AppEnv>, outcome: string): readonly string[] {
  const told = c.get("targets");
  if (told !== undefined) return told;
  const given = c.get("params") ?? [];
  return outcome === "done"
    ? given
    : given.filter((text) =>
      /^\d{1,12}$|^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/
        .test(text)
    );
}

function toEntry(
  c: Context<AppEnv>,
  outcome: string,
  targets: readonly string[],
): AuditEntry {
  return {
    ...actorOf(c),
    action: c.get("action") ?? "",
    targets,
    source: c.get("source") ?? null,
    outcome,
    requestId: c.var.requestId,
  };
}

function actorOf(c: Context<AppEnv>): Actor {
  const actor = c.get("actor");
  if (actor !== undefined) return actor;
  const principal = c.get("principal");
  if (principal !== undefined) {
    const { via, credential } = principal;
    return { principal: principalId(principal), via, credential };
  }
  const refusal = c.get("refusal")?.options;
  return {
    principal: refusal?.known?.principal ?? null,
    via: refusal?.known?.via ?? null,
    credential: refusal?.known?.credential ?? null,
  };
}
