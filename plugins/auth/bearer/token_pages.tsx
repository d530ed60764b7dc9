import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { principalId } from "../../../core/principal.ts";
import { createRouter } from "../../../http/router.ts";
import {
  answerPage,
  FormFault,
  Name,
  onceId,
  readPageForm,
  seeOther,
  untouched,
} from "../../../ui/kit/mod.ts";
import { Made } from "./made_token.tsx";
import { makeManaged, revokeManaged, rotateManaged } from "./manage.ts";
import { findManaged } from "./managed.ts";
import {
  authorityAt,
  type PageContext,
  type Place,
  type Shown,
  toShown,
} from "./page_context.ts";
import { pageOperations } from "./page_operations.ts";
import { readMakeForm, readRotateForm, typedOf } from "./token_form.ts";
import { TokenDetails } from "./token_page.tsx";
import { answerTokens } from "./tokens_page.tsx";

/** Where people manage tokens: those of their own groups, and administrators all. */
export function tokenPages(context: PageContext): OpenAPIHono<AppEnv> {
  const own = pageOperations("/account/tokens", "tokens:manage");
  const all = pageOperations("/admin/tokens", "tokens:admin");
  return createRouter()
    .route(
      "/",
      pagesAt(context, own, {
        path: "/account/tokens",
        title: "Tokens of my groups",
        isOfAll: false,
      }),
    )
    .route(
      "/",
      pagesAt(context, all, {
        path: "/admin/tokens",
        title: "Tokens",
        isOfAll: true,
      }),
    );
}

function pagesAt(
  context: PageContext,
  operations: ReturnType<typeof pageOperations>,
  place: Place,
): OpenAPIHono<AppEnv> {
  const app = createRouter();

  app.openapi(
    operations.list,
    (c) => answerTokens(context, place, c, c.req.valid("query")),
  );

  app.openapi(operations.make, async (c) => {
    const shown = await make(context, place, c);
    return await answerTokens(context, place, c, {}, shown);
  });

  app.openapi(
    operations.show,
    (c) => answerToken(context, place, c, c.req.valid("param").id),
  );

  app.openapi(operations.rotate, async (c) => {
    const { id } = c.req.valid("param");
    const shown = await rotate(context, place, c, id);
    return await answerToken(context, place, c, id, shown);
  });

  app.openapi(operations.revoke, async (c) => {
    await readPageForm(c);
    const authority = await authorityAt(context, place, c);
    const { id } = c.req.valid("param");
    const { token, group } = await revokeManaged(context, authority, id);
    c.set("targets", [token.id, principalId(group)]);
    return seeOther(`${place.path}/${encodeURIComponent(token.id)}`);
  });

  return app;
}

async function make(
  context: PageContext,
  place: Place,
  c: Context<AppEnv>,
): Promise<Shown> {
  const fields = await readPageForm(c);
  const authority = await authorityAt(context, place, c);
  const read = readMakeForm(fields, context.backends);
  if ("typed" in read) return { typed: read.typed, status: 400 };
  const id = onceId(fields, c.var.principal.account);
  try {
    const { made, group } = await makeManaged(
      context,
      authority,
      read.wanted,
      id,
    );
    c.set("targets", [made.id, principalId(group)]);
    return { made: { token: made.token, group: group.name }, status: 201 };
  } catch (error) {
    return toShown(c, error, { values: typedOf(fields), faults: {} });
  }
}

async function rotate(
  context: PageContext,
  place: Place,
  c: Context<AppEnv>,
  oldId: string,
): Promise<Shown> {
  const fields = await readPageForm(c);
  const authority = await authorityAt(context, place, c);
  const managed = await findManaged(context, authority, oldId);
  const read = readRotateForm(fields);
  if ("typed" in read) return { typed: read.typed, status: 400 };
  const { token: old, group } = managed;
  const id = onceId(fields, c.var.principal.account);
  try {
    const how = read.wanted;
    const made = await rotateManaged(context, authority, managed, how, id);
    c.set("targets", [old.id, made.id, principalId(group)]);
    return { made: { token: made.token, group: group.name }, status: 201 };
  } catch (error) {
    return toShown(c, error, { values: typedOf(fields), faults: {} });
  }
}

async function answerToken(
  context: PageContext,
  place: Place,
  c: Context<AppEnv>,
  id: string,
  { typed = untouched, fault, made, status }: Shown = {},
): Promise<Response> {
  const { ids, now } = context;
  const authority = await authorityAt(context, place, c);
  const { token, group } = await findManaged(context, authority, id);
  return answerPage(c, {
    title: "Token",
    scripts: made === undefined ? [] : ["copy.js"],
    children: (
      <>
        <h1>
          <Name text={token.description || `Token of ${group.name}`} />
        </h1>
        <FormFault text={fault} />
        <Made context={context} c={c} made={made} />
        <TokenDetails
          c={c}
          token={token}
          group={group}
          path={place.path}
          formId={ids.uuid()}
          typed={typed}
          now={now()}
        />
      </>
    ),
  }, status);
}
