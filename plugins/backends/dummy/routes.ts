import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { mayRead } from "../../../core/access.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import { type Run, runStates } from "../../../core/run.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { actionSchema } from "./task.ts";

const label = z.string().min(1).max(200);

const newRunSchema = z.strictObject({
  job: z.string().min(1).max(200).default("dummy"),
  do: actionSchema,
  /** What a runner must offer, beyond the backend. */
  labels: z.record(label, label).default({}),
  priority: z.int().default(0),
  isPrivate: z.boolean().default(false),
  /** How long to wait before each further attempt after an exit code of 75. */
  retryDelaysSeconds: z.array(z.int().min(0).max(86_400)).max(10).default([]),
});

const runSchema = z.object({
  id: z.string(),
  number: z.int(),
  job: z.string(),
  state: z.enum(runStates),
  message: z.string().nullable(),
  attempt: z.int(),
  lostAttempts: z.int(),
  logBytes: z.int(),
});

const oneRun = {
  description: "The run",
  content: { "application/json": { schema: runSchema } },
};

const create = guarded("dummy:create", {
  method: "post",
  path: "/dummy/v1/runs",
  summary: "Make a dummy run",
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: newRunSchema } },
    },
  },
  responses: { 201: oneRun, 400: { description: "The body is wrong" } },
});

const show = guarded("dummy:read", {
  method: "get",
  path: "/dummy/v1/runs/{id}",
  summary: "Show a dummy run",
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: oneRun, 404: { description: "No such run" } },
});

const cancel = guarded("dummy:cancel", {
  method: "post",
  path: "/dummy/v1/runs/{id}/cancel",
  summary: "Cancel a dummy run",
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: oneRun, 404: { description: "No such run" } },
});

/** The dummy dialect. */
export function dummyRoutes(
  { runs }: BackendContext<unknown>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const visible = async (id: string, reader: Principal) => {
    const run = await runs.find(id);
    return found(run !== null && mayRead(run, reader) ? run : null, id);
  };
  router.openapi(create, async (c) => {
    const { job, do: action, labels, ...rest } = c.req.valid("json");
    const task = { do: action };
    const [run] = await runs.submit(c.var.principal, [{
      ...rest,
      job,
      request: task,
      task,
      labels: { ...labels, backend: "dummy" },
    }], { alongside: c.var.alongside });
    return c.json(toJson(found(run, job)), 201);
  });
  router.openapi(show, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(toJson(await visible(id, c.var.principal)), 200);
  });
  router.openapi(cancel, async (c) => {
    const { id } = c.req.valid("param");
    await visible(id, c.var.principal);
    return c.json(toJson(found(await runs.cancel(id), id)), 200);
  });
  return router;
}

function found(run: Run | null | undefined, id: string): Run {
  if (run) return run;
  throw new ApiError(
    "not_found",
    `Cannot find ${JSON.stringify(id)}: there is no such dummy run`,
  );
}

function toJson(run: Run): z.output<typeof runSchema> {
  const { id, number, job, state, message, attempt, lostAttempts, logBytes } =
    run;
  return { id, number, job, state, message, attempt, lostAttempts, logBytes };
}
