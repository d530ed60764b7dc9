import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { allows } from "../../../../core/permission.ts";
import { createRouter } from "../../../../http/router.ts";
import {
  answerPage,
  Choice,
  Field,
  page,
  seeOther,
  type Typed,
} from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { Checkboxes } from "./checkboxes.tsx";
import { Notice } from "./notice.tsx";
import { elsewhere, ofUser, ownPath } from "./path.ts";
import {
  privacyChoices,
  type ReadFilter,
  readRequestFilter,
  stateChoices,
  toQuery,
} from "./request_filter.ts";
import { listOwn, maxSearched, type OwnPage } from "./request_store.ts";
import { RequestTable } from "./request_table.tsx";
import { Tabs } from "./tabs.tsx";

/** Tests of a page. */
const pageSize = 50;

/** `/user/NAME/jobs`: what the reader has asked for (wire 2.1). What somebody else has asked for is among all runs, as far as it is public. */
export function requestsPage(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("tests:read", {
    method: "get",
    path: "/user/{user}/jobs",
    summary: "Somebody's package tests, newest first, by a filter",
    request: ofUser,
    responses: {
      200: { description: "A page" },
      303: { description: "To the runs of somebody else" },
    },
  });
  router.openapi(route, async (c) => {
    const { user } = c.req.valid("param");
    const own = elsewhere(c, "/jobs");
    if (own === null) return await showRequests(context, c);
    if (user === ":user") return seeOther(own);
    const query = new URLSearchParams({ backend: "autopkgtest", owner: user });
    return seeOther(`/runs?${query}`);
  });
  return router;
}

async function showRequests(
  { database, options, now }: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  const reader = c.var.principal;
  const query = new URL(c.req.url).searchParams;
  const read = readRequestFilter(query);
  const isFaulty = Object.keys(read.faults).length > 0;
  const list = isFaulty
    ? null
    : await listOwn(database, reader, read.filter, pageSize);
  return answerPage(c, {
    title: "My requests",
    scripts: ["live.js"],
    children: (
      <>
        <h1>My requests</h1>
        <Tabs c={c} />
        <Notice query={query} />
        <FilterForm read={read} user={reader.name} options={options} />
        {list !== null && (
          <List
            c={c}
            read={read}
            now={now()}
            list={list}
            isAllTicked={query.get("tick") === "all"}
          />
        )}
      </>
    ),
  }, isFaulty ? 400 : 200);
}

function FilterForm(
  { read: { typed, faults }, user, options }: {
    read: ReadFilter;
    user: string;
    options: Options;
  },
) {
  const { suites, archs, privacy, ...others } = typed;
  const values: Typed = {
    values: {
      ...others,
      ...privacy !== undefined && { "is_private[]": privacy },
    },
    faults,
  };
  const action = ownPath(user, "/jobs");
  return (
    <form class="filter" action={action} method="get" role="search">
      <Field name="package" label="Package (* is anything)" typed={values} />
      <Field name="trigger" label="In the trigger" typed={values} />
      <Checkboxes
        name="suite[]"
        legend="Suite"
        choices={options.suites}
        ticked={suites}
      />
      <Checkboxes
        name="arch[]"
        legend="Architecture"
        choices={options.architectures}
        ticked={archs}
      />
      <Choice
        name="state"
        label="State"
        typed={values}
        choices={stateChoices}
        any="any"
      />
      <Choice
        name="is_private[]"
        label="Seen by"
        typed={values}
        choices={privacyChoices}
        any="any"
      />
      <button type="submit">Filter</button>
      <a href={action}>Reset</a>
    </form>
  );
}

function List(
  { c, read, list, now, isAllTicked }: {
    c: Context<AppEnv>;
    read: ReadFilter;
    list: OwnPage;
    now: number;
    isAllTicked: boolean;
  },
) {
  const { name, permissions } = c.var.principal;
  const path = ownPath(name, "/jobs");
  const { typed, filter: { before } } = read;
  if (list.tests.length === 0) return <None {...{ read, list, path, name }} />;
  const at: Record<string, string> = before === undefined
    ? {}
    : { before: String(before) };
  return (
    // A form that asks for a page: what is ticked is shown once more before anything is done.
    <form method="get" action={ownPath(name, "/test/publish")}>
      <RequestTable
        tests={list.tests}
        user={name}
        now={now}
        caption="Newest first"
        ticks={{ isTicked: () => isAllTicked }}
        mayRetry={allows(permissions, "tests:create")}
      />
      <div class="actions">
        {isAllTicked
          ? <a href={path + toQuery(typed, at)}>Tick none</a>
          : (
            <a href={path + toQuery(typed, { ...at, tick: "all" })}>
              Tick all of this page
            </a>
          )}
        {allows(permissions, "runs:cancel") && (
          <button type="submit" formaction={ownPath(name, "/test/cancel")}>
            Cancel the ticked…
          </button>
        )}
        {allows(permissions, "tests:create") && (
          <button type="submit">Publish the ticked…</button>
        )}
      </div>
      <nav class="pages" aria-label="Pages">
        {before !== undefined && <a href={path + toQuery(typed)}>Newest</a>}
        <Further {...{ path, read, list }} />
      </nav>
    </form>
  );
}

function Further(
  { path, read: { typed }, list: { next, isCut } }: {
    path: string;
    read: ReadFilter;
    list: OwnPage;
  },
) {
  return next === null
    ? null
    : (
      <a rel="next" href={path + toQuery(typed, { before: String(next) })}>
        {isCut ? `Look further back than ${maxSearched} tests →` : "Older →"}
      </a>
    );
}

function None(
  { read, list, path, name }: {
    read: ReadFilter;
    list: OwnPage;
    path: string;
    name: string;
  },
) {
  const { typed, filter } = read;
  if (list.next !== null) {
    return (
      <p class="empty">
        None here is like this. <Further {...{ path, read, list }} />
      </p>
    );
  }
  if (filter.before !== undefined) {
    return (
      <p class="empty">
        No more tests. <a href={path + toQuery(typed)}>Back to the newest</a>
      </p>
    );
  }
  return Object.keys(filter).length > 0
    ? (
      <p class="empty">
        No test of yours is like this. Take something out of the filter, or{" "}
        <a href={path}>show all of yours</a>.
      </p>
    )
    : (
      <p class="empty">
        You have not asked for a test yet.{" "}
        <a href={ownPath(name, "/test")}>Request one</a>.
      </p>
    );
}
