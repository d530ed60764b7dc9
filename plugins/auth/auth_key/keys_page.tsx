import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { descriptionFault } from "../../../core/description.ts";
import { ApiError } from "../../../core/error.ts";
import { createRouter } from "../../../http/router.ts";
import {
  answerPage,
  Field,
  FormFault,
  OnceField,
  onceId,
  PostForm,
  readPageForm,
  seeOther,
  type Typed,
  typedValues,
  untouched,
} from "../../../ui/kit/mod.ts";
import { KeyTables } from "./key_tables.tsx";
import { MadeKeySection } from "./made_key.tsx";
import {
  keyShortcomings,
  listOwnKeys,
  type MadeKey,
  makeOwnKey,
  revokeOwnKey,
} from "./own_keys.ts";
import { keysPage, makeForm, revokeForm } from "./page_operations.ts";

const path = "/account/keys";

type Lent = AuthRoutesContext<unknown>;

/** What became of the form, for the page that answers it. */
type Shown = {
  readonly typed?: Typed;
  readonly fault?: string;
  readonly made?: MadeKey;
  readonly status?: 200 | 201 | 400 | 409;
};

/** `/account/keys`: where people make and revoke keys of their own. */
export function keyPages(context: Lent): OpenAPIHono<AppEnv> {
  const app = createRouter();

  app.openapi(keysPage, (c) => answerKeys(context, c, {}));

  app.openapi(makeForm, async (c) => {
    const { principal } = c.var;
    const fields = await readPageForm(c);
    const values = typedValues(fields);
    const { description = "" } = values;
    const fault = descriptionFault(description);
    if (fault !== null) {
      const typed = { values, faults: { description: fault } };
      return await answerKeys(context, c, { typed, status: 400 });
    }
    const id = onceId(fields, principal.account);
    try {
      const made = await makeOwnKey(context, principal, description, id);
      c.set("targets", [made.id]);
      return await answerKeys(context, c, { made, status: 201 });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "conflict") {
        throw error;
      }
      const { message: fault } = error;
      const typed = { values, faults: {} };
      return await answerKeys(context, c, { typed, fault, status: 409 });
    }
  });

  app.openapi(revokeForm, async (c) => {
    await readPageForm(c);
    await revokeOwnKey(context, c.var.principal, c.req.valid("param").id);
    return seeOther(path);
  });

  return app;
}

async function answerKeys(
  context: Lent,
  c: Context<AppEnv>,
  { typed, fault, made, status }: Shown,
): Promise<Response> {
  const { principal } = c.var;
  const [keys, short] = await Promise.all([
    listOwnKeys(context, principal),
    keyShortcomings(context, principal),
  ]);
  const isWhole = short.length === 0;
  const { baseUrl, backends, ids, now } = context;
  return answerPage(c, {
    title: "API keys",
    scripts: made === undefined ? [] : ["copy.js"],
    children: (
      <>
        <h1>API keys</h1>
        <FormFault text={fault} />
        {made !== undefined && (
          <MadeKeySection
            made={made}
            url={baseUrl(c.req.raw)}
            backends={backends}
          />
        )}
        <p>
          A key stands for you in scripts, as the header{" "}
          <code>Auth-Key</code>: it may do what you may, until it is revoked.
        </p>
        {isWhole
          ? <MakeForm c={c} formId={ids.uuid()} typed={typed} />
          : (
            <p class="empty">
              Your credential may do less than your account ({short.join("; ")}
              ), so it neither makes nor revokes keys.
            </p>
          )}
        <KeyTables c={c} keys={keys} mayRevoke={isWhole} now={now()} />
      </>
    ),
  }, status);
}

function MakeForm(
  { c, formId, typed = untouched }: {
    c: Context<AppEnv>;
    formId: string;
    typed?: Typed | undefined;
  },
) {
  return (
    <PostForm c={c} action={path} class="form">
      <OnceField id={formId} />
      <Field
        name="description"
        label="What it is for"
        hint="laptop"
        help="Up to 200 characters, for you alone."
        typed={typed}
      />
      <button type="submit">Get API key</button>
    </PostForm>
  );
}
