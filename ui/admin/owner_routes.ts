import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AccountRow } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { requireGrantable, requireTakeable } from "../../core/granting.ts";
import { principalId } from "../../core/principal.ts";
import { createRouter } from "../../http/router.ts";
import { page, readPageForm, seeOther, typedValues } from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { showAccount } from "./account_page.tsx";
import { accountPath } from "./account_path.ts";
import { find } from "./account_routes.ts";

const request = { params: z.object({ name: z.string() }) };

const responses = {
  303: { description: "It is changed" },
  400: { description: "The form must be mended" },
  404: { description: "There is no such group" },
};

const adding = page("accounts:manage", {
  method: "post",
  path: "/admin/groups/{name}/owners",
  summary: "Makes a user an owner of the group",
  request,
  responses,
}, { action: "groups:own" });

const removing = page("accounts:manage", {
  method: "post",
  path: "/admin/groups/{name}/owners/remove",
  summary: "Makes a user an owner of the group no longer",
  request,
  responses,
}, { action: "groups:disown" });

/** Who manages a group's tokens: the forms of its page. */
export function ownerRoutes(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const { accounts, groups } = parts.admin;
  const read = async (c: Context<AppEnv>) => {
    const group = await find(parts, c, "group");
    const values = typedValues(await readPageForm(c));
    const user = await accounts.findByName("user", values.owner ?? "");
    c.set("targets", [group, ...user === null ? [] : [user]].map(principalId));
    return { group, user, values };
  };
  router.openapi(adding, async (c) => {
    const { group, user, values } = await read(c);
    if (user === null) {
      return await refuse(
        parts,
        c,
        group,
        values,
        "There is no user of this name; /admin/users lists them",
      );
    }
    // An owner makes tokens that may do what the group may.
    requireGrantable(c.var.principal, [...group.permissions, "tokens:manage"]);
    await groups.addOwners(group.id, [user]);
    return seeOther(accountPath(group));
  });
  router.openapi(removing, async (c) => {
    const { group, user, values } = await read(c);
    requireTakeable(c.var.principal, [...group.permissions, "tokens:manage"]);
    const was = user !== null && await groups.removeOwner(group.id, user.id);
    if (was) return seeOther(accountPath(group));
    const fault = "This user does not own the group";
    return await refuse(parts, c, group, values, fault);
  });
  return router;
}

function refuse(
  parts: PagesParts,
  c: Context<AppEnv>,
  group: AccountRow,
  values: Readonly<Record<string, string>>,
  fault: string,
): Promise<Response> {
  const owner = { values, faults: { owner: fault } };
  return showAccount(parts, c, group, { owner, status: 400 });
}
