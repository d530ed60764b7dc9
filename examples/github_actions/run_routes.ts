import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { mayControl, mayRead } from "../../core/access.ts";
import type { AppEnv } from "../../core/app_env.ts";
import type { BackendContext } from "../../core/backend.ts";
import { ApiError } from "../../core/error.ts";
import type { Principal } from "../../core/principal.ts";
import { isEnd, type Run, type RunSummary } from "../../core/run.ts";
import { guarded } from "../../http/guard.ts";
import { createRouter } from "../../http/router.ts";
import { dispatchOf, jobOf } from "./dispatch.ts";
import { statusOf } from "./outcome.ts";
import { planRetry } from "./retry.ts";
import { findWorkflow, repositoryOf, repositoryParams } from "./request.ts";
import { pathOf } from "./workflow_routes.ts";
import { WorkflowStore } from "./workflow_store.ts";

const tags = ["GitHub Actions"];

/** GitHub's own lists with a filter end there. */
const maxResults = 1_000;

const runSchema = z.object({
  id: z.int(),
  name: z.string(),
  run_number: z.int(),
  run_attempt: z.int(),
  event: z.literal("workflow_dispatch"),
  status: z.string(),
  conclusion: z.string().nullable(),
  path: z.string(),
  head_branch: z.string(),
  actor: z.object({ login: z.string() }),
  created_at: z.string(),
  updated_at: z.string(),
  run_started_at: z.string(),
  url: z.string(),
  html_url: z.string(),
});

const list = guarded("workflow_runs:read", {
  method: "get",
  path: "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
  summary: "List a workflow's runs, newest first",
  tags,
  request: {
    params: repositoryParams.extend({ workflow_id: z.string() }),
    query: z.object({
      per_page: z.coerce.number().int().min(1).max(100).default(30),
      page: z.coerce.number().int().min(1).max(maxResults).default(1),
    }),
  },
  responses: {
    200: {
      description: "A page of them; of the newest 1,000",
      content: {
        "application/json": {
          schema: z.object({
            total_count: z.int(),
            workflow_runs: z.array(runSchema),
          }),
        },
      },
    },
  },
});

const params = repositoryParams.extend({
  run_id: z.string().regex(/^\d{1,15}$/, "expected a number"),
});

const show = guarded("workflow_runs:read", {
  method: "get",
  path: "/repos/{owner}/{repo}/actions/runs/{run_id}",
  summary: "Show a run of a workflow",
  tags,
  request: { params },
  responses: {
    200: {
      description: "The run",
      content: { "application/json": { schema: runSchema } },
    },
    404: { description: "There is none" },
  },
});

const cancel = guarded("workflow_runs:cancel", {
  method: "post",
  path: "/repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
  summary: "Cancel a run of a workflow",
  tags,
  request: { params },
  responses: {
    202: { description: "It is being cancelled" },
    409: { description: "It has ended" },
  },
});

const rerun = guarded("workflow_runs:create", {
  method: "post",
  path: "/repos/{owner}/{repo}/actions/runs/{run_id}/rerun",
  summary: "Run a workflow's run again",
  tags,
  request: { params },
  responses: { 201: { description: "It will run again, as another run" } },
});

/** The runs of workflows. */
export function runRoutes(
  context: BackendContext<unknown>,
): OpenAPIHono<AppEnv> {
  const { database, runs, baseUrl } = context;
  const plan = planRetry(context);
  const router = createRouter();
  const workflows = new WorkflowStore(database);
  const find = async (
    path: z.output<typeof params>,
    reader: Principal,
  ): Promise<Run> => {
    const run = await runs.findByNumber(Number(path.run_id));
    const isThere = run !== null && mayRead(run, reader) &&
      dispatchOf(run).repository === repositoryOf(path);
    if (isThere) return run;
    throw new ApiError("not_found", "Not Found");
  };
  router.openapi(list, async (c) => {
    const { workflow_id, ...path } = c.req.valid("param");
    const { per_page, page } = c.req.valid("query");
    const repository = repositoryOf(path);
    const { file } = await findWorkflow(workflows, repository, workflow_id);
    const found = await runs.summaries({
      job: jobOf({ repository, file }),
      reader: c.var.principal,
      limit: maxResults,
    }, "all");
    const shown = found.slice((page - 1) * per_page, page * per_page);
    const url = baseUrl(c.req.raw);
    return c.json({
      total_count: found.length,
      workflow_runs: shown.map((run) => toRunJson(run, url)),
    }, 200);
  });
  router.openapi(show, async (c) => {
    const run = await find(c.req.valid("param"), c.var.principal);
    return c.json(toRunJson(run, baseUrl(c.req.raw)), 200);
  });
  router.openapi(cancel, async (c) => {
    const run = await find(c.req.valid("param"), c.var.principal);
    if (!mayControl(run, c.var.principal)) {
      throw new ApiError("forbidden", `The run is ${run.owner.name}'s`);
    }
    if (isEnd(run.state)) {
      throw new ApiError(
        "conflict",
        "Cannot cancel a workflow run that is completed",
      );
    }
    await runs.cancel(run.id);
    return c.json({}, 202);
  });
  router.openapi(rerun, async (c) => {
    const { principal, alongside } = c.var;
    const run = await find(c.req.valid("param"), principal);
    const { submission, owner } = await plan(run, principal);
    await runs.submit(principal, [submission], { alongside, owner });
    return c.json({}, 201);
  });
  return router;
}

function toRunJson(run: RunSummary, url: string): z.output<typeof runSchema> {
  const { repository, file, workflow, ref } = dispatchOf(run);
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    id: run.number,
    name: workflow,
    run_number: run.number,
    run_attempt: Math.max(1, run.attempt),
    event: "workflow_dispatch",
    ...statusOf(run.state),
    path: pathOf({ file }),
    head_branch: ref,
    actor: { login: run.owner.name },
    created_at: at(run.createdAt),
    updated_at: at(run.updatedAt),
    run_started_at: at(run.startedAt ?? run.createdAt),
    url: `${url}/repos/${repository}/actions/runs/${run.number}`,
    html_url: `${url}/runs/${run.number}`,
  };
}
