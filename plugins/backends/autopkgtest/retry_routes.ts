import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { readPageForm } from "../../../ui/kit/mod.ts";
import { inPath, refused, runIds, tags, text } from "./operations.ts";
import type { Options } from "./options.ts";
import type { RejectList } from "./reject_list.ts";
import { acceptsPage, asDebciPage, writtenReply } from "./reply.ts";
import { countEqualPending, findRetried } from "./retry.ts";
import { retry } from "./retry_order.ts";
import { retriedPage, retryPage } from "./retry_page.tsx";

const showRetry = guarded("tests:read", {
  method: "get",
  path: "/api/v1/retry/{run_id}",
  summary: "A page from which to retry a test",
  tags,
  parameters: [inPath("run_id")],
  responses: {
    200: {
      description: "What would be tested again, and a button",
      content: text,
    },
    ...refused,
  },
});

const retryTest = guarded("tests:create", {
  method: "post",
  path: "/api/v1/retry/{run_id}",
  summary: "Test once more what a test that you may see has tested",
  description:
    "The new test has the same package, suite, architecture, requestor, trigger, pins, sources and privacy, and the default priority.",
  tags,
  parameters: [inPath("run_id")],
  responses: {
    200: {
      description:
        "Queued. The body is empty; with `Accept: application/json` it has the number of the new run, and with `text/html` it is a page for people",
      content: runIds,
    },
    ...refused,
  },
});

/** `/api/v1/retry` (wire 1.9), but only for those who may see the test. */
export function retryRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  const { runs } = context;

  app.openapi(showRetry, async (c) => {
    const caller = c.var.principal;
    const run = await findRetried(runs, c.req.param("run_id"), caller);
    const equalPending = await countEqualPending(runs, run, caller);
    const action = `/api/v1/retry/${run.number}`;
    return asDebciPage(retryPage(c, run, equalPending, action), caller);
  });

  app.openapi(retryTest, async (c) => {
    const caller = c.var.principal;
    const isPerson = acceptsPage(c.req.raw);
    if (isPerson) await readPageForm(c);
    const made = await retry(context, openList, c, c.req.param("run_id"));
    return isPerson
      ? asDebciPage(retriedPage(c, made), caller)
      : writtenReply(200, c.req.raw, made, caller);
  });
  return app;
}
