import type { Context } from "hono";
import { seesPrivate } from "../../core/access.ts";
import type { Account } from "../../core/account.ts";
import type { AccountRow } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { type AuditLine, readAudit } from "../../core/audit.ts";
import { allows } from "../../core/permission.ts";
import { type Principal, principalId } from "../../core/principal.ts";
import type { RunSummary } from "../../core/run.ts";
import {
  answerPage,
  FormFault,
  Name,
  PostForm,
  RunTable,
  type Typed,
  visible,
} from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { toTyped } from "./access_fields.ts";
import { AccessForm } from "./access_form.tsx";
import { AccountFacts } from "./account_facts.tsx";
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
  const reader = c.var.principal;
  const now = parts.now();
  const known = await readKnown(parts, account, reader);
  const { holdings, related, runs, audit } = known;
  return answerPage(c, {
    title: visible(account.name),
    children: (
      <>
        <h1>
          <Name text={account.name} />
          {account.disabledAt !== null && <small class="tag">disabled</small>}
        </h1>
        <FormFault text={fault?.general} />
        <AccountFacts {...{ account, holdings, runs: runs ?? [], now }} />
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
        {runs && <Runs {...{ runs, account, now, reader }} />}
        {audit && <Audit {...audit} id={principalId(account)} now={now} />}
      </>
    ),
  }, fault?.status ?? 200);
}

/** What there is to be shown of an account; null for what the reader may not see. */
async function readKnown(
  parts: PagesParts,
  { id, kind, name }: AccountRow,
  reader: Principal,
) {
  const { holdings, groups, accounts } = parts.admin;
  const mayReadRuns = allows(reader.permissions, "runs:read");
  const mayAudit = allows(reader.permissions, readAudit);
  const principal = principalId({ kind, name });
  const [held, related, runs, audit] = await Promise.all([
    holdings(id),
    kind === "group" ? groups.owners(id) : groups.owned(id),
    mayReadRuns ? accounts.recentRuns(id, reader, shown) : null,
    mayAudit
      ? Promise.all([
        readLines(parts, { principal }),
        readLines(parts, { target: principal }),
      ])
      : null,
  ]);
  const [by, about] = audit ?? [[], []];
  return { holdings: held, related, runs, audit: audit && { by, about } };
}

async function readLines(
  { admin }: PagesParts,
  filter: { readonly principal: string } | { readonly target: string },
): Promise<readonly AuditLine[]> {
  const found = await admin.audit.search({ ...filter, limit: shown }, scanned);
  return found.lines;
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

function Runs({ runs, account, now, reader }: {
  runs: readonly RunSummary[];
  account: Account;
  now: number;
  reader: Principal;
}) {
  const all = `/runs?${new URLSearchParams({ owner: account.name })}`;
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">Recent runs</h2>
      {runs.length === 0
        ? (
          <p class="empty">
            {seesPrivate(reader) ? "None yet." : "None that you may see."}
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
