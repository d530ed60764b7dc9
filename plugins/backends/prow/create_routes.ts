import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { Alongside, AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import { readText } from "../../../http/body.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { acceptRequest, maxBodyBytes, submitAccepted } from "./acceptance.ts";
import { answer } from "./answer.ts";
import {
  type CreateRequest,
  createRequest,
  readCreateRequest,
  withoutEmptyEnvs,
} from "./create_request.ts";
import {
  createdExecution,
  executionSchema,
  triedExecution,
} from "./execution.ts";
import { readJson } from "./json_reader.ts";
import type { Options } from "./options.ts";
import { quote } from "./request_rules.ts";

const query = z.object({
  dry_run: z.string().optional().meta({
    description: "1: only say whether the request would be accepted",
    enum: ["0", "1"],
  }),
});

/** Any Content-Type is read as JSON, by the rules of protobuf (gangway 9): the body is told here, and read by `create`. */
const creating = {
  tags: ["Prow"],
  requestBody: {
    required: true,
    content: { "application/json": { schema: createRequest.schema } },
  },
  responses: {
    200: {
      description:
        "The execution, its path in Location; with dry_run there is none, and the id is empty",
      content: { "application/json": { schema: executionSchema } },
    },
    400: { description: "The request is not valid; the message says why" },
    403: { description: "The job is another tenant's" },
    404: { description: "There is no such job" },
    409: { description: "Several jobs match" },
  },
};

const byBody = guarded("executions:create", {
  ...creating,
  method: "post",
  path: "/v1/executions",
  summary: "Run a Prow job",
  request: { query },
});

const byName = guarded("executions:create", {
  ...creating,
  method: "post",
  path: "/v1/executions/{job_name}",
  summary: "Run the Prow job that the path names",
  request: { query, params: z.object({ job_name: z.string() }) },
});

/** One call to create an execution. */
type Call = {
  readonly incoming: Request;
  readonly owner: Principal;
  readonly alongside: Alongside | undefined;
  readonly dryRun: string | undefined;
  /** The job that the path names. */
  readonly jobName?: string;
};

/** Runs jobs. */
export function createRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(byBody, (c) =>
    create(context, {
      incoming: c.req.raw,
      owner: c.var.principal,
      alongside: c.var.alongside,
      dryRun: c.req.valid("query").dry_run,
    }));
  router.openapi(byName, (c) =>
    create(context, {
      incoming: c.req.raw,
      owner: c.var.principal,
      alongside: c.var.alongside,
      dryRun: c.req.valid("query").dry_run,
      jobName: c.req.valid("param").job_name,
    }));
  return router;
}

/** Nothing is stored when the request is refused, or only tried. */
async function create(context: BackendContext<Options>, call: Call) {
  const { options } = context;
  const isDryRun = readDryRun(call.dryRun);
  const request = await readRequest(call, options);
  const accepted = await acceptRequest(
    context,
    call.owner,
    request,
    options.strict,
  );
  if (isDryRun) {
    return answer(triedExecution(accepted.job.type, request), {
      "slipway-dry-run": "true",
    });
  }
  const run = await submitAccepted(context, accepted, call);
  return answer(createdExecution(run, request), {
    location: `/v1/executions/${run.id}`,
  });
}

async function readRequest(
  { incoming, jobName }: Call,
  { strict }: Options,
): Promise<CreateRequest> {
  const node = readJson(await readText(incoming, maxBodyBytes));
  const asked = readCreateRequest(node, jobName);
  return jobName === undefined || strict ? asked : withoutEmptyEnvs(asked);
}

/** A flag without a value is on. */
function readDryRun(flag: string | undefined): boolean {
  if (flag === undefined || flag === "0" || flag === "false") return false;
  if (flag === "" || flag === "1" || flag === "true") return true;
  throw new ApiError(
    "invalid",
    `Cannot read dry_run: expected 1 or 0, got ${quote(flag)}`,
  );
}
