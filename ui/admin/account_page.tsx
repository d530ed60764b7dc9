import type { Context } from "hono";
import { isAdmin } from "../../core/access.ts";
import type { Account } from "../../core/account.ts";
import type { AccountRow, Holding } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { type AuditLine, readAudit } from "../../core/audit.ts";
import { describeLimits } from "../../core/limit.ts";
import { allows, roleOf } from "../../core/permission.ts";
import { principalId } from "../../core/principal.ts";
import type { RunSummary } from "../../core/run.ts";
import {
  answerPage,
  FormFault,
  Name,
  PostForm,
  RunTable,
  Time,
  type Typed,
  visible,
} from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { toTyped } from "./access_fields.ts";
import { AccessForm } from "./access_form.tsx";
import { accountPath } from "./account_path.ts";
import { auditPath, AuditTable } from "./audit_table.tsx";
import { ownedGroups, Owners } from "./owners.tsx";

/** Runs, and lines of the audit of either kind. */
const shown = 10;

/** As `shown` needs to look at most. */
const scanned = 100;

/** What went wrong with one of the page's forms. */
export type Fault = {
  /** In place of what the account may do. */
  readonly access?: Typed;
  readonly owner?: Typed;
  readonly general?: string;
  readonly status: 400 | 409;
};

/** The page of a user or a group. */
export async function showAccount(
  parts: PagesParts,
  c: Context<AppEnv>,
  account: AccountRow,
  fault: Fault | null = null,
): Promise<Response> {
  const { admin } = parts;
  const now = parts.now();
  const reader = c.var.principal;
  const mayReadRuns = allows(reader.permissions, "runs:read");
  const mayAudit = allows(reader.permissions, readAudit);
  const id = principalId(account);
  const [holdings, related, runs, by, about] = await Promise.all([
    admin.holdings(account.id),
    account.kind === "group"
      ? admin.groups.owners(account.id)
      : admin.groups.owned(account.id),
    mayReadRuns ? admin.accounts.recentRuns(account.id, reader, shown) : [],
    mayAudit ? readLines(parts, { principal: id }) : [],
    mayAudit ? readLines(parts, { target: id }) : [],
  ]);
  return answerPage(c, {
    title: visible(account.name),
    children: (
      <>
        <h1>
          <Name text={account.name} />
          {account.disabledAt !== null && <small class="tag">disabled</small>}
        </h1>
        <FormFault text={fault?.general} />
        <Facts account={account} holdings={holdings} runs={runs} now={now} />
        {account.kind === "group"
          ? (
            <Owners
              c={c}
              group={account}
              owners={related}
              typed={fault?.owner}
            />
          )
          : ownedGroups(related)}
        <AccessForm
          c={c}
          account={account}
          typed={fault?.access ?? toTyped(account)}
          backends={parts.backends.map(({ name }) => name)}
        />
        <Switch c={c} account={account} />
        {mayReadRuns && (
          <Runs
            runs={runs}
            account={account}
            now={now}
            isWhole={isAdmin(reader)}
          />
        )}
        {mayAudit && <Audit by={by} about={about} id={id} now={now} />}
      </>
    ),
  }, fault?.status ?? 200);
}

async function readLines(
  { admin }: PagesParts,
  filter: { readonly principal: string } | { readonly target: string },
): Promise<readonly AuditLine[]> {
  const found = await admin.audit.search({ ...filter, limit: shown }, scanned);
  return found.lines;
}

function Facts({ account, holdings, runs, now }: {
  account: AccountRow;
  holdings: readonly Holding[];
  runs: readonly RunSummary[];
  now: number;
}) {
  const { kind, id, permissions, limits, createdAt, disabledAt } = account;
  const seen = [
    account.actedAt,
    ...holdings.map(({ usedAt }) => usedAt),
    ...runs.map(({ createdAt }) => createdAt),
  ].filter((at) => at !== null);
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
      <dd>
        {seen.length === 0
          ? "never"
          : <Time at={Math.max(...seen)} now={now} />}
      </dd>
      <dt>Made</dt>
      <dd>
        <Time at={createdAt} now={now} />
      </dd>
      {disabledAt !== null && (
        <>
          <dt>Disabled</dt>
          <dd>
            <Time at={disabledAt} now={now} />
          </dd>
        </>
      )}
    </dl>
  );
}

function describeHoldings(holdings: readonly Holding[]): string {
  const all = holdings.map(({ noun, count }) =>
    count === 1 ? `1 ${noun}` : `${count} × ${noun}`
  );
  return all.join(", ") || "nothing yet";
}

function Switch({ c, account }: { c: Context<AppEnv>; account: Account }) {
  const isDisabled = account.disabledAt !== null;
  const verb = isDisabled ? "enable" : "disable";
  return (
    <section aria-labelledby="switch-title">
      <h2 id="switch-title">{isDisabled ? "Enable" : "Disable"}</h2>
      <p>
        {isDisabled
          ? "Its credentials are refused. When it is enabled, they are taken again."
          : "Every credential of a disabled account is refused from the next request on. What it runs goes on."}
      </p>
      <PostForm c={c} action={`${accountPath(account)}/${verb}`}>
        <button type="submit">
          {isDisabled ? "Enable the account" : "Disable the account"}
        </button>
      </PostForm>
    </section>
  );
}

function Runs({ runs, account, now, isWhole }: {
  runs: readonly RunSummary[];
  account: Account;
  now: number;
  isWhole: boolean;
}) {
  const all = `/runs?${new URLSearchParams({ owner: account.name })}`;
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">Recent runs</h2>
      {runs.length === 0
        ? (
          <p class="empty">
            {isWhole ? "None yet." : "None that you may see."}
          </p>
        )
        : (
          <>
            <RunTable runs={runs} now={now} caption="Last changed first" />
            <p>
              <a href={all}>All, with filters</a>
            </p>
          </>
        )}
    </section>
  );
}

function Audit({ by, about, id, now }: {
  by: readonly AuditLine[];
  about: readonly AuditLine[];
  id: string;
  now: number;
}) {
  return (
    <>
      <section aria-labelledby="about-title">
        <h2 id="about-title">What was done to the account</h2>
        <AuditTable lines={about} now={now} caption="Newest first" />
        <p>
          <a href={auditPath({ target: id })}>All of it in the audit</a>
        </p>
      </section>
      <section aria-labelledby="by-title">
        <h2 id="by-title">What the account did</h2>
        <AuditTable lines={by} now={now} caption="Newest first" />
        <p>
          <a href={auditPath({ principal: id })}>All of it in the audit</a>
        </p>
      </section>
    </>
  );
}
