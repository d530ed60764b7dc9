import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { createRouter } from "../http/router.ts";
import { readPageForm } from "./kit/form.tsx";
import { page } from "./kit/page_route.ts";
import { seeOther } from "./kit/respond.tsx";
import type { PagesParts } from "./parts.ts";
import { findReadable } from "./scope.ts";

/** `POST /runs/ID/retry`: asks for the same once more, as the run's backend does. */
export function retryRoute(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const retry = page("runs:create", {
    method: "post",
    path: "/runs/{id}/retry",
    summary: "Retry a run, from its page",
    request: { params: z.object({ id: z.string() }) },
    responses: { 303: { description: "To the new run" } },
  });
  router.openapi(retry, async (c) => {
    const { principal, alongside } = c.var;
    await readPageForm(c);
    const run = await findReadable(parts, c);
    const planned = await parts.runs.planRetry(run, principal);
    const [made] = await parts.runs.retry([planned], principal, alongside);
    if (made === undefined) {
      throw new TypeError("Cannot retry: no run came back");
    }
    return seeOther(`/runs/${made.number}`);
  });
  return router;
}
