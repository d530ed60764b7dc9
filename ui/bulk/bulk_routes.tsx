import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../core/app_env.ts";
import { ApiError } from "../../core/error.ts";
import { facetsOf } from "../../core/facet.ts";
import { createRouter } from "../../http/router.ts";
import { readPageForm } from "../kit/form.tsx";
import { page } from "../kit/page_route.ts";
import { answerPage, seeOther } from "../kit/respond.tsx";
import type { PagesParts } from "../parts.ts";
import { readFilter, toListPath } from "../run_filter.ts";
import { bulkActionsOf, bulkPermissions } from "./bulk_form.tsx";
import { Preview, Report } from "./bulk_view.tsx";
import {
  type BulkAction,
  bulkActions,
  type BulkPlan,
  maxRuns,
  planFiltered,
  planTicked,
} from "./plan.ts";

const show = page("runs:read", {
  method: "get",
  path: "/runs/bulk",
  summary: "What cancelling or retrying many runs would touch",
  responses: { 200: { description: "A page" } },
});

const report = page("runs:read", {
  method: "get",
  path: "/runs/bulk/done",
  summary: "What became of cancelling or retrying many runs",
  responses: { 200: { description: "A page" } },
});

const cancel = page(bulkPermissions.cancel, {
  method: "post",
  path: "/runs/bulk/cancel",
  summary: "Cancel many runs, from the page that shows which",
  responses: { 303: { description: "To what was done" } },
});

const retry = page(bulkPermissions.retry, {
  method: "post",
  path: "/runs/bulk/retry",
  summary: "Retry many runs, from the page that shows which",
  responses: { 303: { description: "To what was done" } },
});

/** `/runs/bulk`: first what an action would touch, then the action. */
export function bulkRoutes(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(show, (c) => showPreview(parts, c));
  router.openapi(report, (c) => showReport(parts, c));
  router.openapi(cancel, async (c) => {
    const plan = await readPlan(parts, c, "cancel");
    // Those that end at this moment are told apart by the write itself.
    const done = await parts.runs.cancelMany(plan.touched);
    c.set("targets", done.map(({ id }) => id));
    return toReport(plan, done.map(({ number }) => number));
  });
  router.openapi(retry, async (c) => {
    const plan = await readPlan(parts, c, "retry");
    const { principal, alongside } = c.var;
    const made = await parts.runs.retry(plan.retries, principal, alongside);
    if (made.length === 0) c.set("targets", []);
    return toReport(plan, made.map(({ number }) => number));
  });
  return router;
}

async function showPreview(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const action = readAction(c);
  const asker = c.var.principal;
  if (!bulkActionsOf(asker).includes(action)) {
    throw new ApiError(
      "forbidden",
      `Cannot ${action} runs as ${asker.kind} "${asker.name}": the permission ${
        bulkPermissions[action]
      } is missing`,
    );
  }
  const read = readFilter(c.req.query(), facetsOf(parts.backends));
  const listPath = toListPath(read.typed);
  // The list says what is wrong with its filter.
  if (Object.keys(read.faults).length > 0) return seeOther(listPath);
  const ticked = numbersOf(c.req.queries("run") ?? []);
  const plan = ticked.length > 0
    ? await planTicked(parts, action, ticked, asker)
    : await planFiltered(parts, action, read.filter, asker);
  return answerPage(c, {
    title: action === "cancel" ? "Cancel runs" : "Retry runs",
    children: (
      <Preview c={c} plan={plan} now={parts.now()} listPath={listPath} />
    ),
  });
}

async function showReport(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const action = readAction(c);
  const asker = c.var.principal;
  const [done = [], left = []] = ["done", "left"].map((name) =>
    numbersOf((c.req.query(name) ?? "").split(",")).slice(0, maxRuns)
  );
  const [runs, { leftOut }] = await Promise.all([
    done.length === 0
      ? []
      : parts.data.list({ numbers: done, reader: asker, limit: maxRuns }),
    planTicked(parts, action, left, asker),
  ]);
  return answerPage(c, {
    title: action === "cancel" ? "Cancelled runs" : "Retried runs",
    children: (
      <Report action={action} done={runs} leftOut={leftOut} now={parts.now()} />
    ),
  });
}

/** What the form of the preview comes to now: runs may have ended since it was shown. */
async function readPlan(
  parts: PagesParts,
  c: Context<AppEnv>,
  action: BulkAction,
): Promise<BulkPlan> {
  const fields = await readPageForm(c);
  const numbers = numbersOf(fields.getAll("run"));
  if (numbers.length > 0 && numbers.length <= maxRuns) {
    return await planTicked(parts, action, numbers, c.var.principal);
  }
  throw new ApiError(
    "invalid",
    `Cannot ${action} runs: the form names ${numbers.length} of them, and 1 to ${maxRuns} are taken at a time; choose them in the list again`,
  );
}

/** What was not done is named too. */
function toReport(
  { action, touched, leftOut }: BulkPlan,
  done: readonly number[],
): Response {
  const missed = action === "retry"
    ? []
    : touched.filter(({ number }) => !done.includes(number));
  const left = [...leftOut, ...missed].map(({ number }) => number);
  const query = new URLSearchParams({ action });
  if (done.length > 0) query.set("done", done.join());
  if (left.length > 0) query.set("left", left.join());
  // Commas may stand in a query as they are, which keeps 500 numbers short.
  return seeOther(`/runs/bulk/done?${String(query).replaceAll("%2C", ",")}`);
}

function readAction(c: Context<AppEnv>): BulkAction {
  const action = z.enum(bulkActions).safeParse(c.req.query("action"));
  if (action.success) return action.data;
  throw new ApiError(
    "invalid",
    "Cannot show this: choose Cancel or Retry in the list of runs",
  );
}

function numbersOf(texts: readonly string[]): number[] {
  return texts.filter((text) => /^\d{1,15}$/.test(text)).map(Number);
}
