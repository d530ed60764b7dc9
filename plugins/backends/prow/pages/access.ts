import type { BackendContext } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import { isWithin } from "../../../../core/limit.ts";
import { allows } from "../../../../core/permission.ts";
import type { Principal } from "../../../../core/principal.ts";
import type { Access } from "../../../../http/guard.ts";
import type { Options } from "../options.ts";

/** What the pages are lent. */
export type PagesContext = BackendContext<Options>;

/** What reading takes: as for Deck, nothing where the operator publishes it, else what the catalogue's API takes. */
export function readingAccess({ publicDeck }: Options): Access {
  return publicDeck ? "public" : "jobs:read";
}

/**
 * Holds who sends the form to what reading its page takes, since the answer to a faulty one is the page.
 *
 * @throws ApiError `forbidden`.
 */
export function requireReading(reader: Principal, options: Options): void {
  const access = readingAccess(options);
  if (access === "public" || allows(reader.permissions, "jobs:read")) return;
  throw new ApiError(
    "forbidden",
    `Cannot do this as ${reader.kind} "${reader.name}": the permission jobs:read is missing`,
  );
}

/** Whether somebody may see runs at all; `mayRead` says which. Nobody reads a page without a name but where Deck is public. */
export function seesRuns(reader: Principal | null): boolean {
  return reader === null || allows(reader.permissions, "executions:read");
}

/** Why somebody may not run a job, for them to read; null when they may. */
export function runRefusal(
  reader: Principal,
  job: string,
): string | null {
  if (!allows(reader.permissions, "executions:create")) {
    return "You may not run jobs: the permission executions:create is missing.";
  }
  return isWithin(reader.limits, { backend: "prow", job })
    ? null
    : "You may not run this job: your account or credential is limited to others.";
}
