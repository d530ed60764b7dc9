import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { mayRead } from "../../../core/access.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import { type Run, runStates } from "../../../core/run.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { taskSchema } from "./task.ts";

const runSchema = z.object({
  id: z.string(),
  number: z.int(),
  job: z.string(),
  state: z.enum(runStates),
  message: z.string().nullable(),
});

const oneRun = {
  description: "The run",
  content: { "application/json": { schema: runSchema } },
};

const create = guarded("template:create", {
  method: "post",
  path: "/backends/template/runs",
  summary: "Run a command",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: taskSchema.extend({ job: z.string().min(1).max(200) }),
        },
      },
    },
  },
  responses: { 201: oneRun, 400: { description: "The body is wrong" } },
});

const show = guarded("template:read", {
  method: "get",
  path: "/backends/template/runs/{id}",
  summary: "Show a run",
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: oneRun, 404: { description: "No such run" } },
});

/** Every route of the backend. */
export function templateRoutes(
  { runs }: BackendContext<unknown>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(create, async (c) => {
    const { job, ...task } = c.req.valid("json");
    const submission = {
      job,
      request: { job, ...task },
      task,
      labels: { backend: "template" },
    };
    const { principal, alongside } = c.var;
    const [run] = await runs.submit(principal, [submission], { alongside });
    return c.json(toJson(run), 201);
  });
  router.openapi(show, async (c) => {
    const run = await runs.find(c.req.valid("param").id);
    const isThere = run !== null && mayRead(run, c.var.principal);
    return c.json(toJson(isThere ? run : undefined), 200);
  });
  return router;
}

/** @throws ApiError `not_found` when there is none. */
function toJson(run: Run | undefined): z.output<typeof runSchema> {
  if (run === undefined) {
    throw new ApiError("not_found", "Cannot find the run: there is none");
  }
  const { id, number, job, state, message } = run;
  return { id, number, job, state, message };
}
