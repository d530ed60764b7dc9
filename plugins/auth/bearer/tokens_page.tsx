import type { Context } from "hono";
import type { Account } from "../../../core/account.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import {
  answerPage,
  Choice,
  Field,
  FormFault,
  type Typed,
} from "../../../ui/kit/mod.ts";
import { GroupTable } from "./group_table.tsx";
import { Made } from "./made_token.tsx";
import { MakeForm } from "./make_form.tsx";
import { findManagedGroup } from "./managed.ts";
import {
  authorityAt,
  managedGroups,
  namesOf,
  type PageContext,
  type Place,
  type Shown,
} from "./page_context.ts";
import { findTokens, type KeptToken } from "./token_store.ts";
import { TokenTable } from "./token_table.tsx";

const pageSize = 50;

/** Which tokens are asked for. */
export type Query = {
  readonly group?: string | undefined;
  /** Only those after this id in the list. */
  readonly before?: string | undefined;
};

/** Answers with the tokens that the reader manages, and the form for a new one. */
export async function answerTokens(
  context: PageContext,
  place: Place,
  c: Context<AppEnv>,
  query: Query,
  shown: Shown = {},
): Promise<Response> {
  const { database, groups } = context;
  const authority = await authorityAt(context, place, c);
  const managed = await managedGroups(context, authority);
  const chosen = query.group
    ? await findManagedGroup(groups, authority, query.group)
    : undefined;
  const tokens = await findTokens(database, {
    accounts: chosen === undefined ? authority.groups : [chosen?.id ?? 0],
    before: query.before ?? null,
    limit: pageSize + 1,
  });
  const { path, title, isOfAll } = place;
  return answerPage(c, {
    title,
    scripts: shown.made === undefined ? [] : ["copy.js"],
    children: (
      <>
        <h1>{title}</h1>
        <FormFault text={shown.fault} />
        <Made context={context} c={c} made={shown.made} />
        <p>
          A token stands for a group in every request, as{" "}
          <code>Authorization: Bearer TOKEN</code>: what automation uses.
        </p>
        {(isOfAll || managed.length > 0) && (
          <details open={shown.typed !== undefined || tokens.length === 0}>
            <summary>Make a token</summary>
            <MakeForm
              c={c}
              path={path}
              formId={context.ids.uuid()}
              groups={managed.filter(isEnabled).map(({ name }) =>
                name
              )}
              mayName={isOfAll}
              backends={context.backends}
              typed={shown.typed ?? begun(query)}
            />
          </details>
        )}
        {!isOfAll && (
          <GroupTable groups={await withOwners(groups, managed)} path={path} />
        )}
        <h2>Tokens</h2>
        <Filter place={place} groups={managed} query={query} />
        <List
          tokens={tokens}
          names={await namesOf(context, tokens)}
          path={path}
          query={query}
          now={context.now()}
        />
      </>
    ),
  }, shown.status);
}

/** What a form for a new token begins with. */
function begun({ group = "" }: Query): Typed {
  return { values: { expires: "90d", group }, faults: {} };
}

function isEnabled({ disabledAt }: Account): boolean {
  return disabledAt === null;
}

function withOwners(
  groups: PageContext["groups"],
  managed: readonly Account[],
) {
  return Promise.all(managed.map(async (group) => ({
    group,
    owners: (await groups.owners(group.id)).map(({ name }) => name),
  })));
}

function Filter(
  { place: { path, isOfAll }, groups, query }: {
    place: Place;
    groups: readonly Account[];
    query: Query;
  },
) {
  if (!isOfAll && groups.length < 2) return null;
  const typed = { values: { group: query.group ?? "" }, faults: {} };
  return (
    <form class="filter" action={path} method="get" role="search">
      {isOfAll ? <Field name="group" label="Of group" typed={typed} /> : (
        <Choice
          name="group"
          label="Of group"
          any="any"
          choices={groups.map(({ name }) => name)}
          typed={typed}
        />
      )}
      <button type="submit">Filter</button>
      {query.group && <a href={path}>Reset</a>}
    </form>
  );
}

function List(
  { tokens, names, path, query, now }: {
    /** One more than is shown, when there are more. */
    tokens: readonly KeptToken[];
    names: ReadonlyMap<number, string>;
    path: string;
    query: Query;
    now: number;
  },
) {
  const shown = tokens.slice(0, pageSize);
  const ofGroup = query.group ? { group: query.group } : {};
  const last = tokens.length > pageSize ? shown.at(-1) : undefined;
  const newest = new URLSearchParams(ofGroup).toString();
  return (
    <>
      {shown.length === 0
        ? <p class="empty">None. One that is made above is listed here.</p>
        : <TokenTable tokens={shown} names={names} path={path} now={now} />}
      <nav class="pages" aria-label="Pages">
        {query.before !== undefined && (
          <a href={newest === "" ? path : `${path}?${newest}`}>Newest</a>
        )}
        {last !== undefined && (
          <a
            rel="next"
            href={`${path}?${new URLSearchParams({
              ...ofGroup,
              before: last.id,
            })}`}
          >
            Older →
          </a>
        )}
      </nav>
    </>
  );
}
