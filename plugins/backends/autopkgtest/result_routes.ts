import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { createRouter } from "../../../http/router.ts";
import { textBody } from "../../../http/text_stream.ts";
import type { Options } from "./options.ts";
import { queryParams } from "./params.ts";
import { jsonReply } from "./reply.ts";
import { listTests } from "./result_operations.ts";
import { writeResults } from "./results.ts";
import { readSince } from "./target.ts";

/** The route by which people and automation follow their tests (wire 1.6). */
export function resultRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  app.openapi(listTests, async (c) => {
    const caller = c.var.principal;
    const params = queryParams(c.req.raw);
    const view = params.get("view");
    const pieces = writeResults(context, {
      owner: caller,
      since: readSince(params),
      isFull: view?.kind === "text" && view.text === "full",
      baseUrl: context.baseUrl(c.req.raw),
    });
    return new Response(
      await textBody(pieces),
      jsonReply(200, null, caller),
    );
  });
  return app;
}
