import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { isWithin } from "../core/limit.ts";
import type { Menu } from "../core/menu.ts";
import type { Queue, RunnerView } from "../core/page_data.ts";
import { allows } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import type { RunSummary } from "../core/run.ts";
import { createRouter } from "../http/router.ts";
import { page, readerOf } from "./kit/page_route.ts";
import type { PagesParts } from "./parts.ts";
import { answerPage } from "./kit/respond.tsx";
import { RunTable } from "./kit/run_table.tsx";
import { changesPath } from "./live_routes.ts";
import { Queues } from "./queues.tsx";
import { readingAccess, scopeOf } from "./scope.ts";
import { Name } from "./kit/text.tsx";
import { duration, Time } from "./kit/time.tsx";

/** A runner that was not heard of for this long is shown no more. */
const forgottenMs = 24 * 3_600_000;

/** One that was not heard of for this long is offline. */
const silentMs = 90_000;

const shownLive = 50;
const shownFailed = 15;

/** `/`: what runs, what failed lately, what waits, and who works. */
export function overviewPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page(readingAccess(parts), {
    method: "get",
    path: "/",
    summary: "What runs now, what failed lately, queues and runners",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => showOverview(parts, c));
  return router;
}

async function showOverview(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const { data } = parts;
  const reader = readerOf(c);
  const now = parts.now();
  const scope = scopeOf(parts, reader);
  // First, so that what changes meanwhile is told.
  const seen = await parts.changes.last();
  const [live, failed, queues, runners] = await Promise.all([
    data.list({ ...scope, states: ["claimed", "running"], limit: shownLive }),
    data.list({ ...scope, states: ["failed", "errored"], limit: shownFailed }),
    data.queues(),
    // Whose machines there are is for those who are signed in.
    reader === null ? [] : data.runners(now - forgottenMs),
  ]);
  const waiting = queues.filter((queue) => mayKnow(parts, reader, queue));
  return answerPage(c, {
    title: "Overview",
    scripts: ["live.js"],
    refreshSeconds: 30,
    children: (
      <>
        <h1>Overview</h1>
        <div data-changes={changesPath(seen)}>
          <Running
            runs={live}
            now={now}
            entries={askingEntries(c.var.menu, reader)}
          />
          <div class="columns">
            <Queues queues={waiting} now={now} />
            {reader !== null &&
              <Runners runners={runners} live={live} now={now} />}
          </div>
          <Failed runs={failed} now={now} />
        </div>
      </>
    ),
  });
}

/** How long a queue is, for those who may see runs of its backend. */
function mayKnow(
  { backends }: PagesParts,
  reader: Principal | null,
  { labels }: Queue,
): boolean {
  const { backend = "" } = labels;
  if (reader !== null) {
    return isWithin(
      reader.limits.map(({ backends }) => ({ backends })),
      { backend, job: "" },
    );
  }
  return backends.some(({ name, isPublic }) => isPublic && name === backend);
}

type RunsProps = { readonly runs: readonly RunSummary[]; readonly now: number };

/** The pages on which the reader can ask for something: those of a right to create, and Prow's jobs, each of which has its form. */
function askingEntries(menu: Menu, reader: Principal | null): Menu {
  return menu.filter(({ place, path, permission }) =>
    place === "main" &&
    (path === "/jobs" ||
      permission?.endsWith(":create") && reader !== null &&
        allows(reader.permissions, permission))
  );
}

function Running({ runs, now, entries }: RunsProps & { entries: Menu }) {
  return (
    <section id="running" data-live aria-labelledby="running-title">
      <h2 id="running-title">Running now</h2>
      {runs.length === 0
        ? (
          <p class="empty">
            Nothing. Ask for something: {entries.map(({ path, title }) => (
              <>
                <a href={path}>{title}</a>,{" "}
              </>
            ))}
            <a href="/docs">API</a>. It appears here as soon as a runner takes
            it.
          </p>
        )
        : (
          <RunTable
            runs={runs}
            now={now}
            caption={runs.length === shownLive
              ? `The newest ${shownLive}`
              : `${runs.length} in all`}
          />
        )}
      {runs.length === shownLive && (
        <p>
          <a href="/runs?state=live">All that run</a>
        </p>
      )}
    </section>
  );
}

function Failed({ runs, now }: RunsProps) {
  return (
    <section id="failed" data-live aria-labelledby="failed-title">
      <h2 id="failed-title">Failed lately</h2>
      {runs.length === 0 ? <p class="empty">Nothing has failed.</p> : (
        <>
          <RunTable runs={runs} now={now} caption="Newest first" />
          <p>
            <a href="/runs?state=failed">All that failed</a> ·{" "}
            <a href="/runs?state=errored">all that could not be judged</a>
          </p>
        </>
      )}
    </section>
  );
}

function Runners(
  { runners, live, now }: {
    runners: readonly RunnerView[];
    live: readonly RunSummary[];
    now: number;
  },
) {
  return (
    <section id="runners" data-live aria-labelledby="runners-title">
      <h2 id="runners-title">Runners</h2>
      {runners.length === 0
        ? (
          <p class="empty">
            None in the last {duration(forgottenMs)}. Start one with{" "}
            <code>deno task runner</code>.
          </p>
        )
        : (
          <table>
            <caption>Seen in the last {duration(forgottenMs)}</caption>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Seen</th>
                <th scope="col">Runs</th>
              </tr>
            </thead>
            <tbody>
              {runners.map(({ id, name, seenAt }) => {
                const own = live.filter(({ runnerId }) => runnerId === id);
                const isBusy = own.length > 0;
                return (
                  <tr>
                    <th scope="row">
                      <Name text={name} />
                    </th>
                    <td>
                      <Time at={seenAt} now={now} />
                      {!isBusy && now - seenAt > silentMs && " (silent)"}
                    </td>
                    <td>
                      {!isBusy && "–"}
                      {own.map(({ number, job }, at) => (
                        <>
                          {at > 0 && ", "}
                          <a href={`/runs/${number}`}>
                            #{number} <Name text={job} />
                          </a>
                        </>
                      ))}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
    </section>
  );
}
