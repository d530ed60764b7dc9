import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Account, accountNameFault } from "../../core/account.ts";
import { accountKinds, type AccountRow } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { requireGrantable } from "../../core/granting.ts";
import { describeLimits } from "../../core/limit.ts";
import { findRole, roleOf, roles } from "../../core/permission.ts";
import { principalId } from "../../core/principal.ts";
import { createRouter } from "../../http/router.ts";
import {
  answerPage,
  Choice,
  Field,
  Name,
  page,
  PostForm,
  readPageForm,
  seeOther,
  Time,
  type Typed,
  typedValues,
  untouched,
} from "../kit/mod.ts";
import { MenuList } from "../kit/menu_list.tsx";
import type { PagesParts } from "../parts.ts";
import { sentence } from "./access_fields.ts";
import { accountPath, accountsPath } from "./account_path.ts";

/** Accounts of a page. */
const pageSize = 50;

const maxLength = 200;

type Kind = Account["kind"];

/** `/admin/users` and `/admin/groups`: the accounts, and a form for a new group. */
export function accountLists(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  for (const kind of ["user", "group"] as const) {
    const route = page("accounts:manage", {
      method: "get",
      path: accountsPath(kind),
      summary: `The ${kind}s, by name`,
      responses: { 200: { description: "A page" } },
    });
    router.openapi(route, (c) => showAccounts(parts, c, kind, untouched));
  }
  const making = page("accounts:manage", {
    method: "post",
    path: accountsPath("group"),
    summary: "Makes a group",
    responses: {
      303: { description: "It is made" },
      400: { description: "The form must be mended" },
    },
  }, { action: "accounts:access" });
  router.openapi(making, (c) => makeGroup(parts, c));
  return router;
}

async function makeGroup(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const values = typedValues(await readPageForm(c));
  const { name = "", role: roleName = "" } = values;
  const role = findRole(roleName);
  const fault = accountNameFault(name);
  const { accounts } = parts.admin;
  const isTaken = fault === null &&
    await accounts.findByName("group", name) !== null;
  const faults = {
    ...fault !== null && { name: sentence(fault) },
    ...isTaken && { name: "There is a group of this name already" },
    ...role === null && {
      role: `There is no such role; use ${Object.keys(roles).join(", ")}`,
    },
  };
  if (role === null || Object.keys(faults).length > 0) {
    return await showAccounts(parts, c, "group", { values, faults });
  }
  requireGrantable(c.var.principal, role);
  const { account } = await accounts.ensure("group", name, role);
  c.set("targets", [principalId(account)]);
  return seeOther(accountPath(account));
}

async function showAccounts(
  { admin, now }: PagesParts,
  c: Context<AppEnv>,
  kind: Kind,
  making: Typed,
): Promise<Response> {
  const asked = readFilter(c.req.query());
  const only = accountKinds.find((each) => each === asked.values.only);
  const isFaulty = Object.keys({ ...asked.faults, ...making.faults }).length >
    0;
  const found = await admin.accounts.list({
    kind,
    text: asked.values.q || undefined,
    only,
    after: asked.values.after,
    // One more tells whether there is a page behind it.
    limit: pageSize + 1,
  });
  const title = kind === "user" ? "Users" : "Groups";
  const added = c.var.menu.filter(({ place, path }) =>
    place === "admin" && path.startsWith(`${accountsPath(kind)}/`)
  );
  return answerPage(c, {
    title,
    children: (
      <>
        <h1>{title}</h1>
        <FilterForm kind={kind} asked={asked} />
        <AccountTable
          kind={kind}
          accounts={found.slice(0, pageSize)}
          asked={asked}
          hasMore={found.length > pageSize}
          now={now()}
        />
        <MenuList entries={added} />
        {kind === "group" && <NewGroup c={c} typed={making} />}
      </>
    ),
  }, isFaulty ? 400 : 200);
}

function readFilter(query: Readonly<Record<string, string>>): Typed {
  const text = (name: string) =>
    Object.hasOwn(query, name)
      ? (query[name] ?? "").trim().slice(0, maxLength)
      : "";
  const [q, only, after] = [text("q"), text("only"), text("after")];
  const isKnown = only === "" || accountKinds.some((each) => each === only);
  return {
    values: { q, only, ...after !== "" && { after } },
    faults: isKnown ? {} : { only: `Use ${accountKinds.join(", ")}` },
  };
}

function FilterForm({ kind, asked }: { kind: Kind; asked: Typed }) {
  return (
    <form
      class="filter"
      action={accountsPath(kind)}
      method="get"
      role="search"
    >
      <Field name="q" label="Part of the name" typed={asked} type="search" />
      <Choice
        name="only"
        label="Only"
        typed={asked}
        choices={accountKinds}
        any="all"
      />
      <button type="submit">Filter</button>
      <a href={accountsPath(kind)}>Reset</a>
    </form>
  );
}

function AccountTable({ kind, accounts, asked, hasMore, now }: {
  kind: Kind;
  accounts: readonly AccountRow[];
  asked: Typed;
  hasMore: boolean;
  now: number;
}) {
  const { after, ...filter } = asked.values;
  const used = Object.entries(filter).filter(([, value]) => value !== "");
  const first = `${accountsPath(kind)}?${new URLSearchParams(used)}`;
  const last = accounts.at(-1);
  if (last === undefined) {
    return <NoAccounts kind={kind} isFiltered={used.length > 0} />;
  }
  const next = `${accountsPath(kind)}?${new URLSearchParams([...used, [
    "after",
    last.name,
  ]])}`;
  const title = `${kind === "user" ? "Users" : "Groups"}, by name`;
  return (
    <>
      <div class="scroll" tabindex={0} role="region" aria-label={title}>
        <table class="wide">
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role or permissions</th>
              <th scope="col">Limited to</th>
              <th scope="col">Last change made</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => <Row account={account} now={now} />)}
          </tbody>
        </table>
      </div>
      <nav class="pages" aria-label="Pages">
        {after !== undefined && <a href={first}>First page</a>}
        {hasMore && <a rel="next" href={next}>Next →</a>}
      </nav>
    </>
  );
}

function Row({ account, now }: { account: AccountRow; now: number }) {
  const { name, permissions, limits, disabledAt, actedAt } = account;
  return (
    <tr>
      <th scope="row">
        <a href={accountPath(account)}>
          <Name text={name} />
        </a>
        {disabledAt !== null && <small class="tag">disabled</small>}
      </th>
      <td>
        <Name
          text={roleOf(permissions) ?? (permissions.join(" ") || "nothing")}
        />
      </td>
      <td>
        <Name text={describeLimits(limits) || "–"} />
      </td>
      <td>{actedAt === null ? "–" : <Time at={actedAt} now={now} />}</td>
    </tr>
  );
}

function NoAccounts({ kind, isFiltered }: { kind: Kind; isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <p class="empty">
        No {kind} is like this. Take something out of the filter, or{" "}
        <a href={accountsPath(kind)}>show all</a>.
      </p>
    );
  }
  return kind === "user"
    ? (
      <p class="empty">
        There is no user yet. <code>deno task user add NAME</code>{" "}
        on the server makes one.
      </p>
    )
    : (
      <p class="empty">
        There is no group yet. Make one below; automation gets its tokens.
      </p>
    );
}

function NewGroup({ c, typed }: { c: Context<AppEnv>; typed: Typed }) {
  const values = { role: "trigger", ...typed.values };
  return (
    <section aria-labelledby="new-title">
      <h2 id="new-title">New group</h2>
      <PostForm c={c} action={accountsPath("group")} class="form">
        <Field name="name" label="Name" typed={typed} required />
        <Choice
          name="role"
          label="Role"
          typed={{ ...typed, values }}
          choices={Object.keys(roles)}
          help="What its tokens may do at most"
        />
        <button type="submit">Make the group</button>
      </PostForm>
    </section>
  );
}
