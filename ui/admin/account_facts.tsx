import type { AccountRow, Holding } from "../../core/administration.ts";
import { describeLimits } from "../../core/limit.ts";
import { roleOf } from "../../core/permission.ts";
import type { RunSummary } from "../../core/run.ts";
import { Name, Time } from "../kit/mod.ts";

/** Who an account is, what it may do, and when it was there. */
export function AccountFacts({ account, holdings, runs, now }: {
  account: AccountRow;
  holdings: readonly Holding[];
  runs: readonly RunSummary[];
  now: number;
}) {
  const { kind, id, permissions, limits, createdAt, disabledAt } = account;
  const seenAt = lastSeen(account, holdings, runs);
  return (
    <dl>
      <dt>Kind</dt>
      <dd>{kind === "user" ? "a person" : "a group's automation"}</dd>
      <dt>Id</dt>
      <dd>{id}</dd>
      <dt>Role</dt>
      <dd>{roleOf(permissions) ?? "none of the usual"}</dd>
      <dt>Permissions</dt>
      <dd>
        <Name text={permissions.join(" ") || "none"} />
      </dd>
      <dt>Limited to</dt>
      <dd>
        <Name text={describeLimits(limits) || "nothing in particular"} />
      </dd>
      <dt>Signs in with</dt>
      <dd>{describeHoldings(holdings)}</dd>
      <dt>Last seen</dt>
      <dd>{seenAt === null ? "never" : <Time at={seenAt} now={now} />}</dd>
      <dt>Made</dt>
      <dd>
        <Time at={createdAt} now={now} />
      </dd>
      {disabledAt !== null && <dt>Disabled</dt>}
      {disabledAt !== null && (
        <dd>
          <Time at={disabledAt} now={now} />
        </dd>
      )}
    </dl>
  );
}

function lastSeen(
  { actedAt }: AccountRow,
  holdings: readonly Holding[],
  runs: readonly RunSummary[],
): number | null {
  const seen = [
    actedAt,
    ...holdings.map(({ usedAt }) => usedAt),
    ...runs.map(({ createdAt }) => createdAt),
  ].filter((at) => at !== null);
  return seen.length === 0 ? null : Math.max(...seen);
}

function describeHoldings(holdings: readonly Holding[]): string {
  const all = holdings.map(({ noun, count }) =>
    count === 1 ? `1 ${noun}` : `${count} × ${noun}`
  );
  return all.join(", ") || "nothing yet";
}
