import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import { type Principal, principalId } from "../../../core/principal.ts";
import { readText } from "../../../http/body.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { answer } from "./answer.ts";
import {
  bulkFault,
  type BulkRequest,
  bulkRequest,
  readBulkRequest,
} from "./bulk_request.ts";
import { selectedBy, selectorOf, statesToAbort } from "./bulk_selection.ts";
import { readJson } from "./json_reader.ts";
import type { Options } from "./options.ts";
import { runRequest } from "./submission.ts";
import { globalTenant, mayUseTenant } from "./tenant.ts";

/** No field of the message is large. */
const maxBodyBytes = 1024 * 1024;

/** So that a call for many thousands lets others write in between. */
const idsPerWrite = 1000;

/** What OpenShift's proxy put in place of Gangway's answer (wire section 1.10). */
const acceptedText = "Your request is being handled. Check gangway logs.\n";

const change = guarded("executions:cancel", {
  method: "post",
  path: "/v1/bulk-job-status-update",
  tags: ["Prow"],
  summary: "Abort many executions",
  description:
    "Aborts the executions that are in the status `current` and pass every filter, if `desired` is ABORTED. " +
    "Other desired statuses are accepted and change nothing. Bounds of time are inclusive.",
  requestBody: {
    required: true,
    content: { "application/json": { schema: bulkRequest.schema } },
  },
  responses: {
    200: {
      description: "Done",
      content: { "application/json": { schema: z.strictObject({}) } },
    },
    202: {
      description: "Done, where the option bulkAccepted is set",
      content: { "text/plain": { schema: z.string() } },
    },
    400: { description: "The request is not valid; the message says why" },
  },
});

/** Changes the status of many executions. */
export function bulkRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(change, async (c) => {
    const body = await readText(c.req.raw, maxBodyBytes);
    const request = readBulkRequest(readJson(body));
    const fault = bulkFault(request);
    if (fault !== null) throw new ApiError("invalid", fault);
    c.set("targets", await abort(context, request, c.var.principal));
    return context.options.bulkAccepted
      ? new Response(acceptedText, {
        status: 202,
        headers: { "content-type": "text/plain" },
      })
      : answer({});
  });
  return router;
}

/** Resolves to the ids of the executions. */
async function abort(
  { runs, options, log }: BackendContext<Options>,
  request: BulkRequest,
  principal: Principal,
): Promise<string[]> {
  const states = statesToAbort(request);
  if (states.length === 0) return [];
  const found = await runs.summaries(
    { states, reader: principal },
    selectedBy,
  );
  const selected = found.filter(selectorOf(request));
  const own = selected.filter((run) => {
    const tenant = runRequest(run).tenant_id ?? globalTenant;
    return mayUseTenant(principal, tenant, options.tenants);
  });
  const ids = own.map(({ id }) => id);
  for (let from = 0; from < ids.length; from += idsPerWrite) {
    await runs.cancelMany(ids.slice(from, from + idsPerWrite), states);
  }
  log("info", "Executions were aborted in bulk", {
    principal: principalId(principal),
    aborted: own.length,
    ofForeignTenants: selected.length - own.length,
  });
  return ids;
}
