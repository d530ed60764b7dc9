import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { principalId } from "../core/principal.ts";
import { guarded } from "../http/guard.ts";
import { nativeQuery } from "../http/query.ts";
import { createRouter } from "../http/router.ts";

const whoami = guarded("signed-in", {
  method: "get",
  path: "/v1/whoami",
  summary: "Show who the credential belongs to and what it allows",
  request: { query: nativeQuery({}) },
  responses: {
    200: {
      description: "The caller",
      content: {
        "application/json": {
          schema: z.object({
            id: z.string(),
            kind: z.enum(["user", "group"]),
            name: z.string(),
            permissions: z.array(z.string()),
            via: z.string(),
            credential: z.string(),
          }),
        },
      },
    },
  },
});

/** `GET /v1/whoami`. */
export function whoamiRoutes(): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(whoami, (c) => {
    const { kind, name, permissions, via, credential } = c.var.principal;
    return c.json({
      id: principalId({ kind, name }),
      kind,
      name,
      permissions: [...permissions],
      via,
      credential,
    }, 200);
  });
  return router;
}
