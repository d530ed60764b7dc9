import type { OpenAPIHono } from "@hono/zod-openapi";
import type { TypedResponse } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import type { RunState } from "../../../core/run.ts";
import { readText } from "../../../http/body.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import {
  createRequest,
  readCreateRequest,
  withoutEmptyEnvs,
} from "./create_request.ts";
import {
  createdExecution,
  type Execution,
  executionSchema,
  executionsSchema,
  listedExecution,
  print,
  shownExecution,
  toRunRequest,
} from "./execution.ts";
import { executionStatuses, statesOf } from "./execution_status.ts";
import { readJson } from "./json_reader.ts";
import type { Options } from "./options.ts";
import { enumNumber } from "./proto_json.ts";
import { quote, requestFault } from "./request_rules.ts";
import { resolveJob } from "./resolution.ts";
import { toTask } from "./task.ts";

/** Callers send whole configurations as one environment variable (gangway 29). */
const maxBodyBytes = 8 * 1024 * 1024;

/** The newest executions that one list shows at most; Gangway has no limit (gangway 80). */
const maxListed = 10_000;

const tags = ["Prow"];
const execution = {
  200: {
    description: "The execution",
    content: { "application/json": { schema: executionSchema } },
  },
} as const;
const notFound = { 404: { description: "No such execution or job" } } as const;

/** Any Content-Type is read as JSON, by the rules of protobuf (gangway 9): the body is told here, and read by `createRun`. */
const creating = {
  tags,
  requestBody: {
    required: true,
    content: { "application/json": { schema: createRequest.schema } },
  },
  responses: {
    ...execution,
    ...notFound,
    400: { description: "The request is not valid; the message says why" },
  },
};

const create = guarded("executions:create", {
  ...creating,
  method: "post",
  path: "/v1/executions",
  summary: "Run a Prow job",
});

const createByName = guarded("executions:create", {
  ...creating,
  method: "post",
  path: "/v1/executions/{job_name}",
  summary: "Run the Prow job that the path names",
  request: { params: z.object({ job_name: z.string() }) },
});

const show = guarded("executions:read", {
  method: "get",
  path: "/v1/executions/{id}",
  tags,
  summary: "Show an execution",
  request: { params: z.object({ id: z.string() }) },
  responses: { ...execution, ...notFound },
});

const list = guarded("executions:read", {
  method: "get",
  path: "/v1/executions",
  tags,
  summary: `List executions, newest first, at most ${maxListed}`,
  request: {
    query: z.object({
      job_name: z.string().optional(),
      status: z.string().optional().meta({
        description: `One of ${executionStatuses.join(", ")}, or its number`,
      }),
    }),
  },
  responses: {
    200: {
      description: "The executions that match",
      content: { "application/json": { schema: executionsSchema } },
    },
    400: { description: "There is no such status" },
  },
});

/** Gangway's REST routes. */
export function createRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { runs, baseUrl } = context;
  const router = createRouter();
  router.openapi(
    create,
    async (c) => answer(await createRun(context, c.req.raw, c.var.principal)),
  );
  router.openapi(createByName, async (c) => {
    const { job_name: name } = c.req.valid("param");
    return answer(await createRun(context, c.req.raw, c.var.principal, name));
  });
  router.openapi(show, async (c) => {
    const { id } = c.req.valid("param");
    const run = await runs.find(id);
    if (run === null) throw unknownId(id, context.options.strict);
    return answer(shownExecution(run, baseUrl(c.req.raw)));
  });
  router.openapi(list, async (c) => {
    const { job_name, status } = c.req.valid("query");
    const job = job_name ?? c.req.query("jobName");
    const states = readStatus(status ?? "");
    const found = await runs.list({
      ...job && { job },
      ...states && { states },
      limit: maxListed,
    });
    return answer({ job_execution: found.map(listedExecution) });
  });
  return router;
}

/** Reads, checks and stores a request; nothing is stored when it is refused. */
async function createRun(
  { options, runs, database }: BackendContext<Options>,
  incoming: Request,
  owner: Principal,
  jobName?: string,
): Promise<Execution> {
  const node = readJson(await readText(incoming, maxBodyBytes));
  const asked = readCreateRequest(node, jobName);
  const request = jobName === undefined || options.strict
    ? asked
    : withoutEmptyEnvs(asked);
  const fault = requestFault(request);
  if (fault !== null) throw new ApiError("invalid", fault);
  const { type, definition } = await resolveJob(
    request,
    database,
    options.strict,
  );
  const [run] = await runs.submit(owner, [{
    job: definition.name,
    request: toRunRequest(type, request),
    task: toTask(type, definition, request, options),
    labels: { backend: "prow", cluster: definition.cluster },
  }]);
  if (run === undefined) throw new TypeError("Cannot submit: no run came back");
  return createdExecution(run, request);
}

/** The states that a list is narrowed to; null for all. */
function readStatus(text: string): RunState[] | null {
  if (text === "") return null;
  const status = executionStatuses[enumNumber(executionStatuses, text) ?? -1];
  if (status === undefined) {
    throw new ApiError(
      "invalid",
      `Cannot list: there is no status ${quote(text)}; use one of ${
        executionStatuses.join(", ")
      }`,
    );
  }
  const states = statesOf(status);
  return states.length === 0 ? null : states;
}

/** Kubernetes' words; Gangway answers 500 (gangway 68). */
function unknownId(id: string, strict: boolean): ApiError {
  return new ApiError(
    strict ? "internal" : "not_found",
    `prowjobs.prow.k8s.io ${quote(id)} not found`,
  );
}

/** A message in the transcoder's print, which Hono's own `c.json` cannot give. The cast is to a type that exists for the compiler only. */
function answer<T>(message: T): Response & TypedResponse<T, 200, "json"> {
  return new Response(print(message), {
    headers: { "content-type": "application/json" },
  }) as Response & TypedResponse<T, 200, "json">;
}
