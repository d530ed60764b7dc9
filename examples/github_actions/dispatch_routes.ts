import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../core/app_env.ts";
import type { BackendContext } from "../../core/backend.ts";
import { ApiError } from "../../core/error.ts";
import { guarded } from "../../http/guard.ts";
import { createRouter } from "../../http/router.ts";
import { toSubmission } from "./dispatch.ts";
import {
  findWorkflow,
  readJson,
  repositoryOf,
  repositoryParams,
} from "./request.ts";
import { WorkflowStore } from "./workflow_store.ts";

/** What a dispatch says. GitHub takes texts, and numbers and booleans since. */
export const dispatchSchema = z.object({
  ref: z.string().min(1).max(255),
  inputs: z.record(
    z.string(),
    z.union([z.string().max(65_535), z.number(), z.boolean()])
      .transform(String),
  ).default({}),
  return_run_details: z.boolean().default(false),
});

/** The same for the API's description: any Content-Type is read, which the framework would not do. */
const dispatchBody = {
  type: "object" as const,
  required: ["ref"],
  properties: {
    ref: { type: "string" as const },
    inputs: { type: "object" as const },
    return_run_details: { type: "boolean" as const, default: false },
  },
};

const detailsSchema = z.object({
  workflow_run_id: z.int(),
  run_url: z.string(),
  html_url: z.string(),
});

const dispatch = guarded("workflow_runs:create", {
  method: "post",
  path: "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
  summary: "Run a workflow",
  tags: ["GitHub Actions"],
  request: { params: repositoryParams.extend({ workflow_id: z.string() }) },
  requestBody: {
    required: true,
    content: { "application/json": { schema: dispatchBody } },
  },
  responses: {
    200: {
      description: "It will run; with return_run_details",
      content: { "application/json": { schema: detailsSchema } },
    },
    204: { description: "It will run" },
    404: { description: "There is no such workflow" },
    422: { description: "The inputs are not those of the workflow" },
  },
});

/** `workflow_dispatch`. */
export function dispatchRoutes(
  { database, runs, baseUrl }: BackendContext<unknown>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const workflows = new WorkflowStore(database);
  router.openapi(dispatch, async (c) => {
    const { workflow_id, ...path } = c.req.valid("param");
    const repository = repositoryOf(path);
    const asked = await readJson(c.req.raw, dispatchSchema);
    const found = await findWorkflow(workflows, repository, workflow_id);
    const { principal, alongside } = c.var;
    const [run] = await runs.submit(
      principal,
      [toSubmission(found, asked, principal)],
      { alongside },
    );
    if (run === undefined) throw new ApiError("internal", "No run was made");
    if (!asked.return_run_details) return c.body(null, 204);
    const url = baseUrl(c.req.raw);
    return c.json({
      workflow_run_id: run.number,
      run_url: `${url}/repos/${repository}/actions/runs/${run.number}`,
      html_url: `${url}/runs/${run.number}`,
    }, 200);
  });
  return router;
}
