import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import { toIso } from "../../../core/iso_time.ts";
import { createRouter } from "../../../http/router.ts";
import type { KeptKey } from "./key.ts";
import { readDescription } from "./key_request.ts";
import {
  createKey,
  type keySchema,
  listKeys,
  revokeKey,
} from "./operations.ts";
import { listOwnKeys, makeOwnKey, revokeOwnKey } from "./own_keys.ts";

/** Where programs manage the keys of their own account. */
export function createRoutes(
  context: AuthRoutesContext<unknown>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();

  app.openapi(listKeys, async (c) => {
    const keys = await listOwnKeys(context, c.var.principal);
    return c.json({ keys: keys.map(toJson) }, 200);
  });

  app.openapi(createKey, async (c) => {
    refuseIdempotencyKey(c.req.header("idempotency-key"));
    const description = await readDescription(c.req.raw);
    const made = await makeOwnKey(context, c.var.principal, description);
    const { id, key, createdAt } = made;
    c.set("targets", [id]);
    const headers = {
      "cache-control": "no-store",
      location: `/api/v1/keys/${id}`,
    };
    const json = { id, key, description, created_at: toIso(createdAt) };
    return wantsText(c)
      ? c.text(`${key}\n`, 201, headers)
      : c.json(json, 201, headers);
  });

  app.openapi(revokeKey, async (c) => {
    await revokeOwnKey(context, c.var.principal, c.req.valid("param").id);
    return c.body(null, 204);
  });

  return app;
}

/** What is kept for a repetition is the answer, and the key is in it. */
function refuseIdempotencyKey(header: string | undefined): void {
  if (header === undefined) return;
  throw new ApiError(
    "invalid",
    "Cannot make a key once per Idempotency-Key: the answer would have to be kept, and the key with it; leave the header out, and revoke a key that got lost",
  );
}

function wantsText(c: Context<AppEnv>): boolean {
  const supports = ["application/json", "text/plain"];
  const header = "Accept";
  return accepts(c, { header, supports, default: "application/json" }) ===
    "text/plain";
}

function toJson(key: KeptKey): z.output<typeof keySchema> {
  return {
    id: key.id,
    description: key.description,
    created_at: toIso(key.createdAt),
    last_used_at: key.lastUsedAt === null ? null : toIso(key.lastUsedAt),
    revoked_at: key.revokedAt === null ? null : toIso(key.revokedAt),
  };
}
