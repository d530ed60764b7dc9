import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import { createRouter } from "../../../../http/router.ts";
import {
  answerPage,
  Name,
  OutLink,
  page,
  readerOf,
  type Typed,
  visible,
} from "../../../../ui/kit/mod.ts";
import { encodePath, historyPath } from "../deck/storage_layout.ts";
import { type JobType, jobTypes } from "../execution_type.ts";
import type { Job } from "../job.ts";
import { visibleJobs } from "../job_access.ts";
import { jobsNamed } from "../job_search.ts";
import { type PagesContext, readingAccess, seesRuns } from "./access.ts";
import { BadgeSection } from "./badge.tsx";
import { type Builds, readBuilds, readBuildsPlace } from "./builds.ts";
import { BuildsSection } from "./builds_grid.tsx";
import { JobFacts } from "./job_facts.tsx";
import { jobNameOf } from "./job_path.ts";
import { plainBranch } from "./definition_text.ts";
import { TriggerSection } from "./trigger_form.tsx";

/** What the page is about. */
export type JobView = {
  readonly name: string;
  /** Jobs of the catalogue; none when it has the name no more. */
  readonly variants: readonly Job[];
  /** Null for who may not see runs. */
  readonly builds: Builds | null;
};

/** Parameters of a job's paths: the name may hold slashes. */
export const jobParams = z.object({ job: z.string() });

/** `/jobs/NAME`: what a job is, how its builds went, and the form that runs it. */
export function jobPage(context: PagesContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page(readingAccess(context.options), {
    method: "get",
    path: "/jobs/{job{.+}}",
    summary: "One Prow job: what it is, its builds, and a form that runs it",
    request: { params: jobParams },
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, async (c) => {
    const view = await findJob(context, c);
    const type = chosenType(view, c.req.query("type"));
    return answerJob(context, c, view, type, untyped(view, type));
  });
  return router;
}

/**
 * The job that the path names, for somebody who may see it or a build of it.
 *
 * @throws ApiError alike for one that is not there and one that may not be seen: `unauthenticated` to anybody, `not_found` to who is signed in.
 */
export async function findJob(
  { database, options, runs }: PagesContext,
  c: Context<AppEnv>,
): Promise<JobView> {
  const reader = readerOf(c);
  const name = jobNameOf(c.req.param("job") ?? "");
  const place = readBuildsPlace(c.req.query());
  const [variants, builds] = await Promise.all([
    jobsNamed(database, name, visibleJobs(reader, options)),
    seesRuns(reader) ? readBuilds(runs, name, reader, place) : null,
  ]);
  if (variants.length > 0 || builds !== null && builds.figures.sampled > 0) {
    return { name, variants, builds };
  }
  if (reader === null) await c.var.authenticate();
  throw new ApiError(
    "not_found",
    "Cannot find the job: there is none of this name that you may see",
  );
}

/** Answers with the page; the form holds what was typed. */
export function answerJob(
  context: PagesContext,
  c: Context<AppEnv>,
  view: JobView,
  type: JobType | undefined,
  typed: Typed,
  status: 200 | 400 | 403 = 200,
): Response {
  const { options, baseUrl, now } = context;
  const { name, variants, builds } = view;
  return answerPage(c, {
    title: visible(name),
    children: (
      <>
        <h1>
          <Name text={name} />
        </h1>
        {status !== 200 && (
          <p class="fault" role="alert">
            Nothing was started: see what is marked in{" "}
            <a href="#run">the form</a>.
          </p>
        )}
        {builds !== null &&
          <BuildsSection job={name} builds={builds} now={now()} />}
        {type === undefined
          ? (
            <p class="empty">
              The catalogue has no job of this name any more that you may see,
              so that it cannot be run. <a href="/jobs">Jobs that can</a>
            </p>
          )
          : (
            <div class="columns">
              <section aria-labelledby="what-title">
                <h2 id="what-title">What it is</h2>
                <JobFacts
                  variants={variants}
                  defaults={options}
                  showsSource={readerOf(c) !== null}
                />
              </section>
              <TriggerSection
                c={c}
                name={name}
                variants={variants}
                type={type}
                typed={typed}
              />
            </div>
          )}
        {builds !== null && (
          <>
            <BadgeSection
              job={name}
              baseUrl={baseUrl(c.req.raw)}
              isPublic={options.publicDeck}
            />
            <DeckLinks name={name} builds={builds} bucket={options.bucket} />
          </>
        )}
      </>
    ),
  }, status);
}

/** The type that is asked for, when there is a job of it; else the first. */
export function chosenType(
  { variants }: JobView,
  asked: string | undefined,
): JobType | undefined {
  const types = variants.map(({ type }) => type);
  return jobTypes.find((type) => type === asked && types.includes(type)) ??
    types[0];
}

/** A form with what can be known beforehand: the repository, and the branch where a job is for one only. */
function untyped({ variants }: JobView, type: JobType | undefined): Typed {
  const [first, ...others] = variants.filter((job) => job.type === type);
  if (first === undefined || type === "periodic") {
    return { values: {}, faults: {} };
  }
  const base_ref = others.length === 0 ? plainBranch(first.definition) : "";
  return { values: { repo: first.orgRepo, base_ref }, faults: {} };
}

/** Deck's own views of the job. Its history is there once there is a build. */
function DeckLinks(
  { name, builds, bucket }: { name: string; builds: Builds; bucket: string },
) {
  const folders = new Set(builds.shown.map(historyPath));
  const query = new URLSearchParams({ job: name });
  return (
    <section aria-labelledby="deck-title">
      <h2 id="deck-title">For Prow's tools</h2>
      <ul>
        {[...folders].map((folder) => (
          <li>
            <OutLink
              name={`Job history: ${folder}`}
              href={`/job-history/gs/${bucket}/${encodePath(folder)}`}
            />
          </li>
        ))}
        <li>
          <OutLink name="Its ProwJobs as JSON" href={`/prowjobs.js?${query}`} />
        </li>
      </ul>
    </section>
  );
}
