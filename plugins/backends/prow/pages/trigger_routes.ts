import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import { createRouter } from "../../../../http/router.ts";
import { page, readPageForm, seeOther } from "../../../../ui/kit/mod.ts";
import {
  type Accepted,
  acceptRequest,
  maxBodyBytes,
  submitAccepted,
} from "../acceptance.ts";
import { type PagesContext, requireReading } from "./access.ts";
import {
  answerJob,
  chosenType,
  findJob,
  jobParams,
  type JobView,
} from "./job_page.tsx";
import { readTrigger, refusedField, type Trigger } from "./trigger_request.ts";

/** The form of a job's page, sent. */
export function triggerRoutes(context: PagesContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("executions:create", {
    method: "post",
    path: "/jobs/{job{.+}}",
    summary: "Run a Prow job, from its page",
    request: { params: jobParams },
    responses: { 303: { description: "The new run's page" } },
  });
  router.openapi(route, (c) => trigger(context, c));
  return router;
}

async function trigger(
  context: PagesContext,
  c: Context<AppEnv>,
): Promise<Response> {
  const { principal: owner, alongside } = c.var;
  requireReading(owner, context.options);
  const fields = await readPageForm(c, maxBodyBytes);
  const view = await findJob(context, c);
  const asked = readTrigger(fields, view.name);
  const answer = await tryAccept(context, c, view, asked);
  if ("refused" in answer) {
    const { values } = asked;
    const typed = { values, faults: answer.refused };
    const status = answer.isForbidden ? 403 : 400;
    return answerJob(
      context,
      c,
      view,
      chosenType(view, values.type),
      typed,
      status,
    );
  }
  const run = await submitAccepted(context, answer.accepted, {
    owner,
    alongside,
  });
  return seeOther(`/runs/${run.number}`);
}

type Answer =
  | { readonly accepted: Accepted }
  | {
    /** What is wrong, beside which field. */
    readonly refused: Trigger["faults"];
    readonly isForbidden?: boolean;
  };

/** What the API would say to the request, as the form tells it. */
async function tryAccept(
  context: PagesContext,
  c: Context<AppEnv>,
  view: JobView,
  { request, faults, values }: Trigger,
): Promise<Answer> {
  if (request === null || Object.keys(faults).length > 0) {
    return { refused: faults };
  }
  try {
    const { principal } = c.var;
    return {
      accepted: await acceptRequest(context, principal, request, false),
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message } = error;
    if (code === "forbidden") {
      c.set("refusal", error);
      return { refused: { form: message }, isForbidden: true };
    }
    if (code !== "invalid" && code !== "not_found" && code !== "conflict") {
      throw error;
    }
    const field = refusedField(code, chosenType(view, values.type));
    return { refused: { [field]: reasons[code] ?? message } };
  }
}

/** In the words of the form, where Gangway's are of a program's request. */
const reasons: Partial<Record<ApiError["code"], string>> = {
  not_found:
    "No job of this name, type and repository runs on this branch: see the branches of each",
  conflict:
    "Several jobs of this name run on this branch, so that none can be chosen",
};
