import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { Account } from "../../core/account.ts";
import type { AccountRow } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { ApiError } from "../../core/error.ts";
import { requireGrantable, requireTakeable } from "../../core/granting.ts";
import type { Permission } from "../../core/permission.ts";
import { principalId } from "../../core/principal.ts";
import { createRouter } from "../../http/router.ts";
import { page, readPageForm, seeOther, typedValues } from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { readAccess } from "./access_fields.ts";
import { showAccount } from "./account_page.tsx";
import { accountPath, accountsPath } from "./account_path.ts";

const request = { params: z.object({ name: z.string() }) };

const changed = {
  303: { description: "It is changed" },
  400: { description: "The form must be mended" },
  404: { description: "There is no such account" },
};

const lastOne =
  "Cannot do this: nobody would be an administrator any more; make somebody else one first, with the role admin and no limits";

/** `/admin/users/NAME` and `/admin/groups/NAME`, and their forms. */
export function accountRoutes(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  for (const kind of ["user", "group"] as const) {
    const path = `${accountsPath(kind)}/{name}` as const;
    const route = page("accounts:manage", {
      method: "get",
      path,
      summary: `One ${kind}`,
      request,
      responses: { 200: { description: "A page" } },
    });
    router.openapi(
      route,
      async (c) => showAccount(parts, c, await find(parts, c, kind)),
    );
    const changing = (
      verb: "access" | "disable" | "enable",
      act: typeof changeAccess,
    ) => {
      const action: Permission = `accounts:${verb}`;
      const form = page("accounts:manage", {
        method: "post",
        path: `${path}/${verb}`,
        summary: `Changes the ${kind}: ${verb}`,
        request,
        responses: changed,
      }, { action });
      router.openapi(form, async (c) => {
        const account = await find(parts, c, kind);
        c.set("targets", [principalId(account)]);
        return await act(parts, c, account);
      });
    };
    changing("access", changeAccess);
    changing("disable", disable);
    changing("enable", enable);
  }
  return router;
}

/**
 * The account that the path names.
 *
 * @throws ApiError `not_found`.
 */
export async function find(
  { admin }: PagesParts,
  c: Context<AppEnv>,
  kind: Account["kind"],
): Promise<AccountRow> {
  const account = await admin.accounts.findByName(
    kind,
    c.req.param("name") ?? "",
  );
  if (account !== null) return account;
  throw new ApiError(
    "not_found",
    `Cannot find the ${kind}: there is none of this name; ${
      accountsPath(kind)
    } lists them`,
  );
}

async function changeAccess(
  parts: PagesParts,
  c: Context<AppEnv>,
  account: AccountRow,
): Promise<Response> {
  const values = typedValues(await readPageForm(c));
  const loaded = parts.backends.map(({ name }) => name);
  const { access, faults } = readAccess(values, loaded);
  if (access === null) {
    return await showAccount(parts, c, account, {
      access: { values, faults },
      status: 400,
    });
  }
  requireGrantable(c.var.principal, access.permissions);
  requireTakeable(c.var.principal, account.permissions);
  if (await parts.admin.accounts.allow(account.id, access)) {
    return seeOther(accountPath(account));
  }
  return await showAccount(parts, c, account, {
    access: { values, faults },
    general: lastOne,
    status: 409,
  });
}

async function disable(
  parts: PagesParts,
  c: Context<AppEnv>,
  account: AccountRow,
): Promise<Response> {
  await readPageForm(c);
  const refuse = (general: string) =>
    showAccount(parts, c, account, { general, status: 409 });
  if (account.id === c.var.principal.account) {
    return await refuse(
      "Cannot disable the account that you are signed in with: another administrator can",
    );
  }
  requireTakeable(c.var.principal, account.permissions);
  return await parts.admin.accounts.disable(account.id, true)
    ? seeOther(accountPath(account))
    : await refuse(lastOne);
}

/** To take its credentials again is to give what it may do. */
async function enable(
  parts: PagesParts,
  c: Context<AppEnv>,
  account: AccountRow,
): Promise<Response> {
  await readPageForm(c);
  requireGrantable(c.var.principal, account.permissions);
  await parts.admin.accounts.disable(account.id, false);
  return seeOther(accountPath(account));
}
