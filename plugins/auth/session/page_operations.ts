import * as z from "zod";
import { page } from "../../../ui/kit/mod.ts";

/**
 * The page of one's sessions and its forms.
 * @module
 */

const path = "/account/sessions";

const done = {
  303: { description: "Done: back to the page" },
  403: { description: "Another page's form, or a narrowed credential" },
};

/** `GET /account/sessions` */
export const sessionsPage = page("signed-in", {
  method: "get",
  path,
  summary: "The browsers that you are signed in with",
  responses: { 200: { description: "A page" } },
});

/** `POST /account/sessions/{id}/end` */
export const endForm = page("signed-in", {
  method: "post",
  path: `${path}/{id}/end`,
  summary: "End a session of your own: a form of the page",
  request: { params: z.object({ id: z.string() }) },
  responses: { ...done, 404: { description: "You have none of this id" } },
}, { action: "sessions:end" });

/** `POST /account/sessions/end-others` */
export const endOthersForm = page("signed-in", {
  method: "post",
  path: `${path}/end-others`,
  summary: "End all your sessions but this one: a form of the page",
  responses: done,
}, { action: "sessions:end" });
