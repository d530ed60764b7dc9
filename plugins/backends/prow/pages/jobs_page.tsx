import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { RunSummary } from "../../../../core/run.ts";
import { createRouter } from "../../../../http/router.ts";
import {
  answerPage,
  Choice,
  Field,
  Name,
  page,
  readerOf,
  State,
  Time,
} from "../../../../ui/kit/mod.ts";
import { catalogueIsEmpty } from "../catalogue_store.ts";
import { jobTypes } from "../execution_type.ts";
import type { Job } from "../job.ts";
import { visibleJobs } from "../job_access.ts";
import { type JobPage, searchJobs } from "../job_search.ts";
import { type PagesContext, readingAccess, seesRuns } from "./access.ts";
import { branchesText } from "./definition_text.ts";
import { jobPath } from "./job_path.ts";
import { type JobQuery, readJobQuery, toJobsPath } from "./job_query.ts";

/** Jobs of a page. */
const pageSize = 50;

/** `/jobs`: what can be run, and how the last run of each ended. */
export function jobsPage(context: PagesContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page(readingAccess(context.options), {
    method: "get",
    path: "/jobs",
    summary: "A page of Prow jobs, by a search",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => showJobs(context, c));
  return router;
}

async function showJobs(
  context: PagesContext,
  c: Context<AppEnv>,
): Promise<Response> {
  const { database, options, now } = context;
  const reader = readerOf(c);
  const query = readJobQuery(c.req.query());
  const isFaulty = Object.keys(query.faults).length > 0;
  const found = isFaulty ? null : await searchJobs(
    database,
    query.search,
    { limit: pageSize, ...query.place },
    visibleJobs(reader, options),
  );
  const names = new Set(found?.jobs.map(({ definition }) => definition.name));
  const last = seesRuns(reader)
    ? await context.runs.latest([...names], reader)
    : null;
  const isEmpty = found?.jobs.length === 0 && await catalogueIsEmpty(database);
  return answerPage(c, {
    title: "Jobs",
    children: (
      <>
        <h1>Jobs</h1>
        <SearchForm query={query} />
        {found !== null && (
          <JobList
            found={found}
            last={last}
            query={query}
            isEmpty={isEmpty}
            now={now()}
          />
        )}
      </>
    ),
  }, isFaulty ? 400 : 200);
}

function SearchForm({ query: { values, faults } }: { query: JobQuery }) {
  const typed = { values, faults };
  return (
    <form class="filter" action="/jobs" method="get" role="search">
      <Field
        name="name"
        label="Name"
        typed={typed}
        hint="e2e, or pull-*-unit"
      />
      <Choice
        name="type"
        label="Type"
        typed={typed}
        choices={jobTypes}
        any="any"
      />
      <Field name="org" label="Organisation" typed={typed} />
      <Field name="repo" label="Repository" typed={typed} hint="org/repo" />
      <Field name="cluster" label="Cluster" typed={typed} />
      <Field name="agent" label="Agent" typed={typed} hint="kubernetes" />
      <button type="submit">Search</button>
      <a href="/jobs">Reset</a>
    </form>
  );
}

type LastRuns = ReadonlyMap<string, RunSummary> | null;

function JobList(
  { found, last, query, isEmpty, now }: {
    found: JobPage;
    last: LastRuns;
    query: JobQuery;
    isEmpty: boolean;
    now: number;
  },
) {
  const { values } = query;
  const { jobs, next, previous } = found;
  if (jobs.length === 0) return <NoJobs query={query} isEmpty={isEmpty} />;
  return (
    <>
      <JobTable jobs={jobs} last={last} now={now} />
      <nav class="pages" aria-label="Pages">
        {previous !== null && (
          <a rel="prev" href={toJobsPath(values, { before: previous })}>
            ← Previous
          </a>
        )}
        {previous !== null && <a href={toJobsPath(values)}>First</a>}
        {next !== null &&
          <a rel="next" href={toJobsPath(values, { cursor: next })}>Next →</a>}
      </nav>
    </>
  );
}

function NoJobs(
  { query: { values, place }, isEmpty }: { query: JobQuery; isEmpty: boolean },
) {
  if (isEmpty) {
    return (
      <p class="empty">
        There is no job yet. Whoever runs this server puts Prow's job
        configuration in with <code>deno task catalog import DIR</code>.
      </p>
    );
  }
  if (Object.keys(place).length > 0) {
    return (
      <p class="empty">
        No more jobs. <a href={toJobsPath(values)}>Back to the first</a>
      </p>
    );
  }
  if (Object.keys(values).length === 0) {
    return <p class="empty">There is no job that you may see.</p>;
  }
  return (
    <p class="empty">
      No job is like this. Take something out of the search, or{" "}
      <a href="/jobs">show all jobs</a>.
    </p>
  );
}

function JobTable(
  { jobs, last, now }: { jobs: readonly Job[]; last: LastRuns; now: number },
) {
  return (
    <table class="jobs">
      <caption>By name</caption>
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Type</th>
          <th scope="col">Repository</th>
          <th scope="col">Branches</th>
          <th scope="col">Cluster</th>
          {last !== null && <th scope="col">Last build of this name</th>}
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr>
            <th scope="row">
              <a href={jobPath(job.definition.name)}>
                <Name text={job.definition.name} />
              </a>
            </th>
            <td>{job.type}</td>
            {job.type === "periodic"
              ? (
                <>
                  <td class="none">–</td>
                  <td class="none">–</td>
                </>
              )
              : (
                <>
                  <td>
                    <Name text={job.orgRepo} />
                  </td>
                  <td>
                    <Name text={branchesText(job.definition)} />
                  </td>
                </>
              )}
            <td>
              <span class="narrow">cluster</span>
              <Name text={job.definition.cluster} />
            </td>
            {last !== null && (
              <td>
                <LastBuild run={last.get(job.definition.name)} now={now} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LastBuild({ run, now }: { run: RunSummary | undefined; now: number }) {
  if (run === undefined) return <>no build yet</>;
  return (
    <>
      <State state={run.state} />{" "}
      <a href={`/runs/${run.number}`}>#{run.number}</a>{" "}
      <Time at={run.createdAt} now={now} />
    </>
  );
}
