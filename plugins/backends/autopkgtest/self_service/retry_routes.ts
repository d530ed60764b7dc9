import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { createRouter } from "../../../../http/router.ts";
import { page, readPageForm, seeOther } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import type { RejectList } from "../reject_list.ts";
import { retry } from "../retry_order.ts";
import { countEqualPending, findRetried } from "../retry.ts";
import { retryPage } from "../retry_page.tsx";
import { elsewhere, ownPath, requireOwn } from "./path.ts";

const ofTest = { params: z.object({ user: z.string(), run_id: z.string() }) };

const showRetry = page("tests:read", {
  method: "get",
  path: "/user/{user}/retry/{run_id}",
  summary: "What would be tested once more, and a button",
  request: ofTest,
  responses: { 200: { description: "A page" } },
});

const retryTest = page("tests:create", {
  method: "post",
  path: "/user/{user}/retry/{run_id}",
  summary: "Tests once more",
  request: ofTest,
  responses: { 303: { description: "To the new run" } },
});

/** `/user/NAME/retry/RUN_ID` (wire 2.1): as `/api/v1/retry/RUN_ID`, for people. */
export function ownRetryRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const { runs } = context;
  router.openapi(showRetry, async (c) => {
    const { run_id } = c.req.valid("param");
    const own = elsewhere(c, `/retry/${encodeURIComponent(run_id)}`);
    if (own !== null) return seeOther(own);
    const caller = c.var.principal;
    const run = await findRetried(runs, run_id, caller);
    const equalPending = await countEqualPending(runs, run, caller);
    const action = ownPath(caller.name, `/retry/${run.number}`);
    return retryPage(c, run, equalPending, action);
  });
  router.openapi(retryTest, async (c) => {
    requireOwn(c);
    await readPageForm(c);
    const { run_id } = c.req.valid("param");
    const [made] = await retry(context, openList, c, run_id);
    return seeOther(`/runs/${made}`);
  });
  return router;
}
