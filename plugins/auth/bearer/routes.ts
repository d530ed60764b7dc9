import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { principalId } from "../../../core/principal.ts";
import { createRouter } from "../../../http/router.ts";
import { findAuthority } from "./authority.ts";
import { KeyRing } from "./key_ring.ts";
import { revokeManaged } from "./manage.ts";
import { makingRoutes } from "./making_routes.ts";
import { findManaged, findManagedGroup } from "./managed.ts";
import {
  listTokens,
  revokeGroup,
  revokeToken,
  showKeys,
  showToken,
} from "./operations.ts";
import { keysOf, type Options } from "./options.ts";
import { toTokenJson } from "./token_json.ts";
import { findTokens, revokeTokens } from "./token_store.ts";

/** How long others may keep the public keys. */
const keysMaxAgeSeconds = 300;

/** Where owners and administrators manage tokens, and everybody finds the public keys. */
export function createRoutes(
  context: AuthRoutesContext<Options>,
): OpenAPIHono<AppEnv> {
  const { database, groups, now, options } = context;
  const keys = new KeyRing({ database, now, held: keysOf(options) });
  const app = createRouter();

  app.openapi(listTokens, async (c) => {
    const authority = await findAuthority(context, c.var.principal);
    const { group: name, limit, cursor } = c.req.valid("query");
    const group = name === undefined
      ? null
      : await findManagedGroup(groups, authority, name);
    const tokens = await findTokens(database, {
      accounts: name === undefined ? authority.groups : [group?.id ?? 0],
      before: cursor ?? null,
      limit: limit + 1,
    });
    const page = tokens.slice(0, limit);
    const names = new Map(
      (await groups.list()).map(({ id, name }) => [id, name]),
    );
    return c.json({
      tokens: page.map((token) =>
        toTokenJson(token, names.get(token.account) ?? "", now())
      ),
      next: tokens.length > limit ? page.at(-1)?.id ?? null : null,
    }, 200);
  });

  app.openapi(showToken, async (c) => {
    const authority = await findAuthority(context, c.var.principal);
    const { id } = c.req.valid("param");
    const { token, group } = await findManaged(context, authority, id);
    return c.json(toTokenJson(token, group.name, now()), 200);
  });

  app.openapi(revokeToken, async (c) => {
    const authority = await findAuthority(context, c.var.principal);
    const { id } = c.req.valid("param");
    const { token, group } = await revokeManaged(context, authority, id);
    c.set("targets", [token.id, principalId(group)]);
    return c.body(null, 204);
  });

  app.openapi(revokeGroup, async (c) => {
    const authority = await findAuthority(context, c.var.principal);
    const { group: name } = c.req.valid("query");
    const group = await findManagedGroup(groups, authority, name);
    c.set("targets", group === null ? [] : [principalId(group)]);
    const [revoked] = group === null
      ? []
      : await database.batch([revokeTokens({ account: group.id }, now())]);
    return c.json({ revoked: revoked?.changes ?? 0 }, 200);
  });

  app.openapi(showKeys, async (c) => {
    const all = await keys.all();
    return c.json(
      {
        keys: all.map(({ kid, publicJwk: { kty, crv, x } }) => ({
          kty,
          crv,
          x,
          kid,
          use: "sig" as const,
          alg: "EdDSA" as const,
        })),
      },
      200,
      { "cache-control": `public, max-age=${keysMaxAgeSeconds}` },
    );
  });

  app.route("/", makingRoutes(context));
  return app;
}
