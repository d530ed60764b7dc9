import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import { principalId } from "../../../core/principal.ts";
import { roles } from "../../../core/permission.ts";
import { createRouter } from "../../../http/router.ts";
import {
  type Authority,
  findAuthority,
  grant,
  requireCovered,
} from "./authority.ts";
import { findManaged, findManagedGroup, requireEnabled } from "./managed.ts";
import { makeToken, type Mint, renewedExpiry, rotateToken } from "./mint.ts";
import { createToken, rotateToken as rotateOperation } from "./operations.ts";
import { currentKeys, type Options } from "./options.ts";
import { toMadeJson } from "./token_json.ts";
import { limitFault, toLimits } from "./token_limit.ts";
import { readMake, readRotate } from "./token_request.ts";

/** Where owners and administrators make tokens. */
export function makingRoutes(
  context: AuthRoutesContext<Options>,
): OpenAPIHono<AppEnv> {
  const { database, groups, ids, now, options, backends } = context;
  const { issuer } = options;
  const keys = () => currentKeys(options);
  const mint: Mint = { database, now, ids, issuer, keys };
  const app = createRouter();

  app.openapi(createToken, async (c) => {
    const { principal } = c.var;
    const authority = await findAuthority(context, principal);
    refuseIdempotencyKey(c.req.header("idempotency-key"));
    const wanted = await readMake(c.req.raw);
    const fault = limitFault(wanted, backends);
    if (fault !== null) {
      throw new ApiError("invalid", `Cannot make a token: ${fault}`);
    }
    const known = await findManagedGroup(groups, authority, wanted.group);
    // Whether the token can be made is decided before a group is.
    const asked = { scope: wanted.scope, limits: toLimits(wanted) };
    const { scopes, limits } = grant(
      authority,
      known ?? newGroup(wanted.group),
      asked,
    );
    const group = known ?? (await groups.ensure(wanted.group)).account;
    requireEnabled(group);
    const { description } = wanted;
    const made = await makeToken(mint, {
      account: group,
      scopes,
      limits,
      description,
      createdBy: principalId(principal),
      expiresAt: capped(authority, toTime(wanted.expires, now())),
    });
    c.set("targets", [made.id, principalId(group)]);
    const json = toMadeJson(made, {
      group: group.name,
      scope: scopes,
      limits,
      description,
    });
    return answer(c, json);
  });

  app.openapi(rotateOperation, async (c) => {
    const { principal } = c.var;
    const authority = await findAuthority(context, principal);
    refuseIdempotencyKey(c.req.header("idempotency-key"));
    const { id } = c.req.valid("param");
    const { token: old, group } = await findManaged(context, authority, id);
    const { grace, expires } = await readRotate(c.req.raw);
    requireEnabled(group);
    requireCovered(authority, group, old);
    const expiresAt = expires === undefined
      ? renewedExpiry(old, now())
      : toTime(expires, now());
    const made = await rotateToken(mint, old, {
      account: group,
      createdBy: principalId(principal),
      endsAt: now() + grace,
      expiresAt: capped(authority, expiresAt),
    });
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

/** What a token makes does not outlive it. */
function capped({ endsAt }: Authority, expiresAt: number | null) {
  return endsAt === null ? expiresAt : Math.min(endsAt, expiresAt ?? endsAt);
}

function toTime(lifetimeMs: number | null, now: number): number | null {
  return lifetimeMs === null ? null : now + lifetimeMs;
}

/** A group as it will be made. */
function newGroup(name: string) {
  return {
    id: 0,
    kind: "group" as const,
    name,
    permissions: roles.trigger,
    limits: [],
    createdAt: 0,
    disabledAt: null,
  };
}
