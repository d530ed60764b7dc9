import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import type { RunSummary } from "../core/run.ts";
import { facetsOf } from "../core/facet.ts";
import { createRouter } from "../http/router.ts";
import { bulkActionsOf, BulkForm, bulkFormId } from "./bulk/bulk_form.tsx";
import type { BulkAction } from "./bulk/plan.ts";
import { FilterForm } from "./filter_form.tsx";
import { page, readerOf } from "./kit/page_route.ts";
import type { PagesParts } from "./parts.ts";
import { answerPage } from "./kit/respond.tsx";
import {
  pageSize,
  type ReadFilter,
  readFilter,
  toListPath,
} from "./run_filter.ts";
import { RunTable } from "./kit/run_table.tsx";
import { readingAccess, scopeOf } from "./scope.ts";
import { sampleSize, Statistics } from "./statistics.tsx";

/** `/runs`: runs that a filter in the URL chooses, with what can be said of them together. */
export function runsPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page(readingAccess(parts), {
    method: "get",
    path: "/runs",
    summary: "A page of runs, newest first, by a filter",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => showRuns(parts, c));
  return router;
}

async function showRuns(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const { data, backends, now } = parts;
  const reader = readerOf(c);
  const read = readFilter(c.req.query(), facetsOf(backends));
  const isFaulty = Object.keys(read.faults).length > 0;
  const filter = { ...read.filter, ...scopeOf(parts, reader) };
  const { before, above } = read;
  const [runs, sample] = isFaulty ? [[], []] : await Promise.all([
    data.list({
      ...filter,
      ...before !== undefined && { before },
      ...above !== undefined && { above },
      // One more tells whether there is a page behind it.
      limit: pageSize + 1,
    }),
    data.endings(filter, sampleSize),
  ]);
  return answerPage(c, {
    title: "Runs",
    children: (
      <>
        <h1>Runs</h1>
        <FilterForm read={read} backends={backends.map(({ name }) => name)} />
        {!isFaulty && <Statistics sample={sample} />}
        {!isFaulty && (
          <RunList
            runs={runs}
            read={read}
            now={now()}
            actions={bulkActionsOf(reader)}
          />
        )}
      </>
    ),
  }, isFaulty ? 400 : 200);
}

function RunList(
  { runs, read, now, actions }: {
    runs: readonly RunSummary[];
    read: ReadFilter;
    now: number;
    actions: readonly BulkAction[];
  },
) {
  const { typed, above, before } = read;
  const hasMore = runs.length > pageSize;
  const shown = above === undefined
    ? runs.slice(0, pageSize)
    : runs.slice(hasMore ? 1 : 0);
  const [first, last] = [shown[0]?.number, shown.at(-1)?.number];
  const hasNewer = above === undefined ? before !== undefined : hasMore;
  const hasOlder = above === undefined ? hasMore : true;
  if (first === undefined || last === undefined) return <NoRuns read={read} />;
  return (
    <>
      <BulkForm read={read} actions={actions} />
      <RunTable
        runs={shown}
        now={now}
        caption="Newest first"
        form={actions.length > 0 ? bulkFormId : undefined}
      />
      <nav class="pages" aria-label="Pages">
        {hasNewer &&
          <a rel="prev" href={toListPath(typed, { above: first })}>← Newer</a>}
        {hasNewer && <a href={toListPath(typed)}>Newest</a>}
        {hasOlder &&
          <a rel="next" href={toListPath(typed, { before: last })}>Older →</a>}
      </nav>
    </>
  );
}

function NoRuns({ read: { typed, before, above } }: { read: ReadFilter }) {
  if (before !== undefined || above !== undefined) {
    return (
      <p class="empty">
        No more runs. <a href={toListPath(typed)}>Back to the newest</a>
      </p>
    );
  }
  return Object.keys(typed).length > 0
    ? (
      <p class="empty">
        No run is like this. Take something out of the filter, or{" "}
        <a href="/runs">show all runs</a>.
      </p>
    )
    : (
      <p class="empty">
        There is no run yet that you may see. Start one through the{" "}
        <a href="/docs">API</a>.
      </p>
    );
}
