import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import { principalId } from "../../../core/principal.ts";
import { createRouter } from "../../../http/router.ts";
import { findAuthority } from "./authority.ts";
import { makeManaged, rotateManaged } from "./manage.ts";
import { findManaged } from "./managed.ts";
import { createToken, rotateToken } from "./operations.ts";
import type { Options } from "./options.ts";
import { toMadeJson } from "./token_json.ts";
import { readMake, readRotate } from "./token_request.ts";

/** Where programs of owners and administrators make tokens. */
export function makingRoutes(
  context: AuthRoutesContext<Options>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();

  app.openapi(createToken, async (c) => {
    const authority = await findAuthority(context, c.var.principal);
    refuseIdempotencyKey(c.req.header("idempotency-key"));
    const wanted = await readMake(c.req.raw);
    const { made, group, scopes, limits } = await makeManaged(
      context,
      authority,
      wanted,
    );
    c.set("targets", [made.id, principalId(group)]);
    const { description } = wanted;
    const facts = { group: group.name, scope: scopes, limits, description };
    return answer(c, toMadeJson(made, facts));
  });

  app.openapi(rotateToken, async (c) => {
    const authority = await findAuthority(context, c.var.principal);
    refuseIdempotencyKey(c.req.header("idempotency-key"));
    const { id } = c.req.valid("param");
    const managed = await findManaged(context, authority, id);
    const { token: old, group } = managed;
    const how = await readRotate(c.req.raw);
    const made = await rotateManaged(context, authority, managed, how);
    c.set("targets", [old.id, made.id, principalId(group)]);
    return answer(c, toMadeJson(made, { ...old, group: group.name }));
  });

  return app;
}

function answer(c: Context<AppEnv>, made: ReturnType<typeof toMadeJson>) {
  const headers = {
    "cache-control": "no-store",
    location: `/v1/tokens/${made.id}`,
  };
  const supports = ["application/json", "text/plain"];
  const wanted = accepts(c, {
    header: "Accept",
    supports,
    default: "application/json",
  });
  return wanted === "text/plain"
    ? c.text(`${made.token}\n`, 201, headers)
    : c.json(made, 201, headers);
}

/** What is kept for a repetition is the answer, and the token is in it. */
function refuseIdempotencyKey(header: string | undefined): void {
  if (header === undefined) return;
  throw new ApiError(
    "invalid",
    "Cannot make a token once per Idempotency-Key: the answer would have to be kept, and the token with it; leave the header out, and revoke a token that got lost",
  );
}
