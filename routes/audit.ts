import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { type AuditLine, readAudit } from "../core/audit.ts";
import { ApiError } from "../core/error.ts";
import type { AuditStore } from "../db/audit_store.ts";
import { guarded } from "../http/guard.ts";
import { nativeQuery } from "../http/query.ts";
import { createRouter } from "../http/router.ts";

const time = z.iso.datetime({ offset: true });

const lineSchema = z.object({
  at: time,
  principal: z.string().nullable(),
  via: z.string().nullable(),
  credential: z.string().nullable(),
  action: z.string(),
  target: z.string().nullable(),
  source: z.string().nullable(),
  outcome: z.string(),
  requestId: z.string().nullable(),
});

const list = guarded(readAudit, {
  method: "get",
  path: "/v1/audit",
  summary: "Read who changed what, newest first",
  description:
    "A line for each thing that was changed, and for attempts that were refused. `outcome` is `done` or the code of the refusal. " +
    "Runs are named by their id, keys, tokens and runners too, accounts as `user:alice`. `from` is inclusive, `to` is not.",
  request: {
    query: nativeQuery({
      principal: z.string().optional(),
      action: z.string().optional(),
      target: z.string().optional(),
      from: time.optional(),
      to: time.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().optional(),
    }),
  },
  responses: {
    200: {
      description:
        "A page of lines; `next` is the cursor of the following page",
      content: {
        "application/json": {
          schema: z.object({
            lines: z.array(lineSchema),
            next: z.string().nullable(),
          }),
        },
      },
    },
  },
});

/** `GET /v1/audit`. */
export function auditRoutes(audit: AuditStore): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(list, async (c) => {
    const { from, to, limit, cursor, ...equal } = c.req.valid("query");
    const lines = await audit.list({
      ...equal,
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
      before: cursor === undefined ? undefined : readCursor(cursor),
      limit: limit + 1,
    });
    const page = lines.slice(0, limit);
    const last = page.at(-1);
    return c.json({
      lines: page.map(toAuditJson),
      next: lines.length > limit && last ? writeCursor(last) : null,
    }, 200);
  });
  return router;
}

/** A line as the API and `deno task audit --json` show it. */
export function toAuditJson(
  { id: _, at, ...line }: AuditLine,
): z.output<typeof lineSchema> {
  return { at: new Date(at).toISOString(), ...line };
}

function writeCursor({ at, id }: AuditLine): string {
  return btoa(`a${at}.${id}`).replaceAll("=", "");
}

function readCursor(cursor: string): Pick<AuditLine, "at" | "id"> {
  try {
    const [, at, id] = /^a(\d{1,15})\.(\d{1,15})$/.exec(atob(cursor)) ?? [];
    if (at !== undefined) return { at: Number(at), id: Number(id) };
  } catch {
    // Not even base64: refused below.
  }
  throw new ApiError(
    "invalid",
    "Cannot read the cursor: use `next` of the page before, unchanged",
  );
}
