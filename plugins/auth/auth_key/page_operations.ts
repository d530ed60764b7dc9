import * as z from "zod";
import { page } from "../../../ui/kit/mod.ts";

/**
 * The page of one's keys and its forms. As with the API, no access is a
 * `…:create`: the answers of those are kept for repeated requests.
 * @module
 */

const path = "/account/keys";

/** `GET /account/keys` */
export const keysPage = page("keys:read", {
  method: "get",
  path,
  summary: "Your Auth-Keys",
  responses: { 200: { description: "A page" } },
});

/** `POST /account/keys` */
export const makeForm = page("signed-in", {
  method: "post",
  path,
  summary: "Make an Auth-Key of your own: the form of the page",
  responses: {
    201: { description: "The page, which shows the key this once" },
    400: { description: "The page, with what is wrong with the description" },
    403: { description: "Another page's form, a key or a narrowed credential" },
    409: { description: "The account has 50 live keys, or it is a repetition" },
  },
}, { action: "keys:create" });

/** `POST /account/keys/{id}/revoke` */
export const revokeForm = page("signed-in", {
  method: "post",
  path: `${path}/{id}/revoke`,
  summary: "Revoke an Auth-Key of your own: a form of the page",
  request: { params: z.object({ id: z.string() }) },
  responses: {
    303: { description: "It is revoked: back to the page" },
    403: { description: "Another page's form, a key or a narrowed credential" },
    404: { description: "The account has no key of this id" },
  },
}, { action: "keys:revoke" });
