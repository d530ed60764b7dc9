import * as z from "zod";
import type { Permission } from "../../../core/permission.ts";
import { page } from "../../../ui/kit/mod.ts";

/**
 * The pages of tokens and their forms: one's own groups' below `/account`, all
 * below `/admin`. As with the API, no access is a `…:create`: the answers of
 * those are kept for repeated requests.
 * @module
 */

const params = z.object({ id: z.string() });

const refused = {
  403: { description: "Another page's form, or not one's group to manage" },
};

const noSuch = {
  404: { description: "No such token, or not one that you manage" },
};

const shownOnce = {
  201: { description: "A page that shows the token this once" },
  400: { description: "The page, with what is wrong beside each field" },
  409: { description: "It cannot be, or it is a repetition" },
};

/** The operations of the pages below a path, for those who have the permission. */
export function pageOperations(path: string, permission: Permission) {
  return {
    list: page(permission, {
      method: "get",
      path,
      summary: "Tokens that you manage, the newest first",
      request: {
        query: z.object({
          group: z.string().optional(),
          before: z.string().optional(),
        }),
      },
      responses: { 200: { description: "A page" }, ...refused },
    }),
    make: page(permission, {
      method: "post",
      path,
      summary: "Make a token of a group: the form of the page",
      responses: { ...shownOnce, ...refused },
    }, { action: "tokens:create" }),
    show: page(permission, {
      method: "get",
      path: `${path}/{id}`,
      summary: "One token",
      request: { params },
      responses: { 200: { description: "A page" }, ...refused, ...noSuch },
    }),
    rotate: page(permission, {
      method: "post",
      path: `${path}/{id}/rotate`,
      summary: "Make a token that takes this one's place: a form of its page",
      request: { params },
      responses: { ...shownOnce, ...refused, ...noSuch },
    }, { action: "tokens:rotate" }),
    revoke: page(permission, {
      method: "post",
      path: `${path}/{id}/revoke`,
      summary: "Revoke a token: a form of its page",
      request: { params },
      responses: {
        303: { description: "It is revoked: back to its page" },
        ...refused,
        ...noSuch,
      },
    }, { action: "tokens:revoke" }),
  };
}
