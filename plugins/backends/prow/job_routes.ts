import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import { guarded } from "../../../http/guard.ts";
import { nativeQuery } from "../../../http/query.ts";
import { createRouter } from "../../../http/router.ts";
import { jobTypes } from "./execution_type.ts";
import {
  jobDetailSchema,
  jobSchema,
  toJobDetailJson,
  toJobJson,
} from "./job_json.ts";
import { visibleJobs } from "./job_access.ts";
import { jobsNamed, searchJobs } from "./job_search.ts";
import type { Options } from "./options.ts";
import { quote } from "./request_rules.ts";

const tags = ["Prow"];
const part = z.string().max(1000).optional();

const search = guarded("jobs:read", {
  method: "get",
  path: "/v1/jobs",
  tags,
  summary: "Search the catalogue of Prow jobs, by name",
  request: {
    query: nativeQuery({
      name: part.describe(
        "Part of the name, whatever its case; with * or ? in it all of the name",
      ),
      type: z.enum(jobTypes).optional(),
      org: part,
      repo: part.describe("repo or org/repo"),
      cluster: part,
      agent: part,
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().max(10_000).optional(),
    }),
  },
  responses: {
    200: {
      description: "A page of jobs; `next` is the cursor of the following page",
      content: {
        "application/json": {
          schema: z.object({
            jobs: z.array(jobSchema),
            next: z.string().nullable(),
          }),
        },
      },
    },
    400: { description: "A parameter is not valid; the detail says why" },
  },
});

const show = guarded("jobs:read", {
  method: "get",
  path: "/v1/jobs/{name}",
  tags,
  summary: "Show every Prow job of a name",
  request: {
    params: z.object({ name: z.string() }),
    query: nativeQuery({}),
  },
  responses: {
    200: {
      description:
        "Jobs of one name differ in type, repository or branches; a request resolves to one of them",
      content: {
        "application/json": {
          schema: z.object({
            name: z.string(),
            variants: z.array(jobDetailSchema),
          }),
        },
      },
    },
    404: { description: "There is no such job" },
  },
});

/** What can be run: the catalogue in the native API. */
export function jobRoutes(
  { database, options }: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();

  router.openapi(search, async (c) => {
    const { limit, cursor, ...wanted } = c.req.valid("query");
    const { jobs, next } = await searchJobs(
      database,
      wanted,
      { limit, cursor },
      visibleJobs(c.var.principal, options),
    );
    return c.json(
      { jobs: jobs.map((job) => toJobJson(job, options)), next },
      200,
    );
  });

  router.openapi(show, async (c) => {
    const { name } = c.req.valid("param");
    const jobs = await jobsNamed(
      database,
      name,
      visibleJobs(c.var.principal, options),
    );
    if (jobs.length === 0) {
      throw new ApiError(
        "not_found",
        `Cannot find job ${quote(name)}: search with /v1/jobs?name=`,
      );
    }
    const variants = jobs.map((job) => toJobDetailJson(job, options));
    return c.json({ name, variants }, 200);
  });

  return router;
}
