import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accountNameFault } from "../../../core/account.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { requireGrantable } from "../../../core/granting.ts";
import { findRole, roles } from "../../../core/permission.ts";
import { principalId } from "../../../core/principal.ts";
import { createRouter } from "../../../http/router.ts";
import {
  answerPage,
  Choice,
  Field,
  page,
  PostForm,
  readPageForm,
  seeOther,
  type Typed,
  typedValues,
} from "../../../ui/kit/mod.ts";
import {
  hashPassword,
  newPassword,
  newSalt,
  passwordFault,
} from "./password.ts";
import { savePassword } from "./user.ts";

/** No account has a slash in its name, so this is nobody's page. */
export const newUserPath = "/admin/users/-/new";

const access = "accounts:manage";

const form = page(access, {
  method: "get",
  path: newUserPath,
  summary: "A form for a new user with a password",
  responses: { 200: { description: "A page" } },
});

const making = page(access, {
  method: "post",
  path: newUserPath,
  summary: "Makes a user with a password",
  responses: {
    200: { description: "The password that was made up, shown this once" },
    303: { description: "The user is made, with the password that was given" },
    400: { description: "The form must be mended" },
  },
}, { action: "users:create" });

type Lent = Pick<AuthRoutesContext<unknown>, "accounts" | "now">;

/** `/admin/users/-/new`: administrators add people who sign in with a password. */
export function newUserRoutes(lent: Lent): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(
    form,
    (c) => showForm(c, { values: { role: "trigger" }, faults: {} }),
  );
  router.openapi(making, (c) => makeUser(lent, c));
  return router;
}

async function makeUser(
  { accounts, now }: Lent,
  c: Context<AppEnv>,
): Promise<Response> {
  const fields = await readPageForm(c);
  // As it was typed: blanks belong to a password. It is not shown again.
  const typed = fields.get("password") ?? "";
  fields.delete("password");
  const values = typedValues(fields);
  const { name = "" } = values;
  const role = findRole(values.role ?? "");
  const faults = faultsOf(name, role === null, typed);
  if (role === null || Object.keys(faults).length > 0) {
    return showForm(c, { values, faults });
  }
  requireGrantable(c.var.principal, role);
  const password = typed === "" ? newPassword() : typed;
  const hash = await hashPassword(password, newSalt());
  const account = await accounts.create(
    { name, permissions: role },
    (id) => savePassword({ account: { id, name }, hash, now: now() }),
  );
  if (account === null) {
    const taken =
      `There is an account of this name already; "deno task user add ${name}" on the server gives it a password`;
    return showForm(c, { values, faults: { name: taken } });
  }
  c.set("targets", [principalId(account)]);
  const path = `/admin/users/${encodeURIComponent(name)}`;
  return typed === "" ? showPassword(c, name, password, path) : seeOther(path);
}

function faultsOf(
  name: string,
  isRoleOdd: boolean,
  password: string,
): Typed["faults"] {
  const nameFault = accountNameFault(name);
  const fault = password === "" ? null : passwordFault(password);
  return {
    ...nameFault !== null && { name: `Choose another: ${nameFault}` },
    ...isRoleOdd && {
      role: `There is no such role; use ${Object.keys(roles).join(", ")}`,
    },
    ...fault !== null && { password: `Choose another: ${fault}` },
  };
}

function showForm(c: Context<AppEnv>, typed: Typed): Response {
  const isFaulty = Object.keys(typed.faults).length > 0;
  return answerPage(c, {
    title: "New user",
    children: (
      <>
        <h1>New user</h1>
        <PostForm c={c} action={newUserPath} class="form">
          <Field
            name="name"
            label="Name"
            typed={typed}
            required
            help="1 to 63 characters of a-z, 0-9, '.', '_' and '-'; it never changes"
          />
          <Choice
            name="role"
            label="Role"
            typed={typed}
            choices={Object.keys(roles)}
          />
          <Field
            name="password"
            label="Password"
            typed={typed}
            type="password"
            help="At least 8 characters. Empty: one is made up, and shown to you once"
          />
          <button type="submit">Add the user</button>
        </PostForm>
      </>
    ),
  }, isFaulty ? 400 : 200);
}

function showPassword(
  c: Context<AppEnv>,
  name: string,
  password: string,
  path: string,
): Response {
  return answerPage(c, {
    title: "New user",
    children: (
      <>
        <h1>{name} can sign in</h1>
        <p>
          The password, shown this once:
        </p>
        <p>
          <code class="secret">{password}</code>
        </p>
        <p>
          Hand it over on a way that nobody else reads.{" "}
          <a href={path}>{name}</a>
        </p>
      </>
    ),
  });
}
