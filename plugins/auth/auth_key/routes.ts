import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type * as z from "zod";
import { shortcomings } from "../../../core/access.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import { createRouter } from "../../../http/router.ts";
import {
  findAuthKeys,
  forgetRevokedAuthKeys,
  insertAuthKey,
  type KeptKey,
  revokeAuthKey,
} from "./key.ts";
import { readDescription } from "./key_request.ts";
import {
  createKey,
  type keySchema,
  listKeys,
  revokeKey,
} from "./operations.ts";

/** Live keys that an account may give itself. */
export const maxLiveKeys = 50;

/** Where people manage the keys of their own account. */
export function createRoutes(
  context: AuthRoutesContext<unknown>,
): OpenAPIHono<AppEnv> {
  const { database, now } = context;
  const app = createRouter();

  app.openapi(listKeys, async (c) => {
    refuseKey(c.var.principal);
    const keys = await findAuthKeys(database, c.var.principal.account);
    return c.json({ keys: keys.map(toJson) }, 200);
  });

  app.openapi(createKey, async (c) => {
    await requireWhole(context, c.var.principal, "make a key");
    refuseIdempotencyKey(c.req.header("idempotency-key"));
    const description = await readDescription(c.req.raw);
    const made = await makeKey(context, c.var.principal, description);
    c.set("targets", [made.id]);
    const headers = {
      "cache-control": "no-store",
      location: `/api/v1/keys/${made.id}`,
    };
    return wantsText(c)
      ? c.text(`${made.key}\n`, 201, headers)
      : c.json(made, 201, headers);
  });

  app.openapi(revokeKey, async (c) => {
    const { principal } = c.var;
    await requireWhole(context, principal, "revoke a key");
    const { id } = c.req.valid("param");
    const [revoked] = await database.batch([
      revokeAuthKey({ id, account: principal.account, now: now() }),
    ]);
    if (revoked?.changes !== 1) {
      // What was asked for may be a key itself, so it is not repeated.
      throw new ApiError(
        "not_found",
        `Cannot revoke the key: ${principal.kind} "${principal.name}" has none of this id; GET /api/v1/keys lists the ids, which are not the keys themselves`,
      );
    }
    return c.body(null, 204);
  });

  return app;
}

/** Whoever finds a key must not be able to make another one, or to shut its owner out. */
function refuseKey({ via }: Principal): void {
  if (via !== "auth_key") return;
  throw new ApiError(
    "forbidden",
    "Cannot manage keys with a key: sign in with name and password (curl --user NAME) or with a token (Authorization: Bearer TOKEN)",
  );
}

/** Refuses a credential that may do less than its account: a key may do all, and revoking is no less. */
async function requireWhole(
  { accounts }: Pick<AuthRoutesContext<unknown>, "accounts">,
  principal: Principal,
  task: string,
): Promise<void> {
  refuseKey(principal);
  const account = await accounts.find(principal.account);
  const short = shortcomings(principal, account);
  if (short.length === 0) return;
  throw new ApiError(
    "forbidden",
    `Cannot ${task} with this credential: it may do less than ${principal.kind} "${principal.name}" (${
      short.join("; ")
    }), and a key may do all of it; use one that is not narrowed`,
  );
}

/** What is kept for a repetition is the answer, and the key is in it. */
function refuseIdempotencyKey(header: string | undefined): void {
  if (header === undefined) return;
  throw new ApiError(
    "invalid",
    "Cannot make a key once per Idempotency-Key: the answer would have to be kept, and the key with it; leave the header out, and revoke a key that got lost",
  );
}

async function makeKey(
  { database, now, ids }: AuthRoutesContext<unknown>,
  { account, kind, name }: Principal,
  description: string,
) {
  const row = { id: ids.uuid(), account, key: ids.randomUuid(), now: now() };
  const [inserted] = await database.batch([
    await insertAuthKey({ ...row, name: description, maxLiveKeys }),
    forgetRevokedAuthKeys(account),
  ]);
  if (inserted?.changes !== 1) {
    throw new ApiError(
      "conflict",
      `Cannot make a key: ${kind} "${name}" has ${maxLiveKeys} live keys; revoke one that is not in use (GET /api/v1/keys shows the last use), with DELETE /api/v1/keys/ID`,
    );
  }
  const { id, key } = row;
  return { id, key, description, created_at: toIso(row.now) };
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

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
