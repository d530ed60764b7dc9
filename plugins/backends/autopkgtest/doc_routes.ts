import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { docPage } from "./doc_page.tsx";
import { tags, text } from "./operations.ts";
import type { Options } from "./options.ts";
import { asDebciPage } from "./reply.ts";

const showDoc = guarded("public", {
  method: "get",
  path: "/api/doc",
  summary: "How to use debci's API, as a page",
  tags,
  responses: { 200: { description: "The page", content: text } },
});

/** debci answers to both spellings. */
const toDoc = (["/api", "/api/"] as const).map((path) =>
  guarded("public", {
    method: "get",
    path,
    summary: "Leads to the API's page",
    tags,
    responses: { 302: { description: "To /api/doc" } },
  })
);

/** The page of the API, for everybody. */
export function docRoutes(
  { options, baseUrl }: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  for (const route of toDoc) {
    app.openapi(route, (c) => {
      const headers = {
        location: `${baseUrl(c.req.raw)}/api/doc`,
        "content-type": "text/html;charset=utf-8",
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "x-xss-protection": "1; mode=block",
      };
      return new Response("", { status: 302, headers });
    });
  }
  app.openapi(showDoc, async (c) => {
    // It is everybody's page, whatever else the request carries: only its head knows who reads it.
    const reader = await c.var.recognise().catch(() => null);
    if (reader !== null) c.set("principal", reader);
    const { suites, architectures } = options;
    const answer = docPage(c, baseUrl(c.req.raw), suites, architectures);
    return asDebciPage(answer, reader);
  });
  return app;
}
