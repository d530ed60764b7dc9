import * as z from "zod";
import { guarded } from "../../../http/guard.ts";

/**
 * The routes of the plugin, as the OpenAPI document shows them.
 * @module
 */

const tags = ["Sign-in"];

const returnTo = z.string().optional().describe(
  "Path of our own to go to afterwards",
);

const html = { "text/html": { schema: z.string() } };

const refused = {
  401: { description: "Not signed in; the page says why", content: html },
  403: { description: "May not sign in, or not with this form", content: html },
  503: { description: "The provider does not answer", content: html },
};

/** `GET /login` */
export const showLogin = guarded("public", {
  method: "get",
  path: "/login",
  summary: "Page on which people sign in",
  tags,
  request: { query: z.object({ return_to: returnTo }) },
  responses: { 200: { description: "The page", content: html } },
});

/** `POST /login` */
export const login = guarded("public", {
  method: "post",
  path: "/login",
  summary: "Sign in with name and password: the page's form",
  tags,
  responses: {
    303: { description: "Signed in; the cookie is set" },
    429: { description: "Too many sign-ins at once", content: html },
    ...refused,
  },
});

/** `GET /login/start` */
export const startLogin = guarded("public", {
  method: "get",
  path: "/login/start",
  summary: "Go to an OpenID provider to sign in there",
  tags,
  request: { query: z.object({ with: z.string(), return_to: returnTo }) },
  responses: {
    302: { description: "To the provider" },
    404: { description: "There is no such provider", content: html },
    ...refused,
  },
});

/** `GET /login/callback` */
export const finishLogin = guarded("public", {
  method: "get",
  path: "/login/callback",
  summary: "Come back from the OpenID provider",
  tags,
  responses: {
    303: { description: "Signed in; the cookie is set" },
    ...refused,
  },
});

/** `GET /logout` */
export const showLogout = guarded("public", {
  method: "get",
  path: "/logout",
  summary: "Page on which people sign out",
  tags,
  responses: {
    200: { description: "The page", content: html },
    303: { description: "Nobody is signed in: to the sign-in page" },
  },
});

/** `POST /logout` */
export const logout = guarded("public", {
  method: "post",
  path: "/logout",
  summary: "Sign out: the page's form",
  tags,
  responses: {
    303: { description: "The session is over" },
    403: { description: "Not the form of our own page", content: html },
  },
});

const time = z.iso.datetime();

/** A session in the list. Times are RFC 3339 in UTC. */
export const sessionSchema = z.object({
  id: z.string(),
  userAgent: z.string(),
  createdAt: time,
  /** To the minute. */
  lastUsedAt: time,
  /** Unless it is used before. */
  expiresAt: time,
  isCurrent: z.boolean(),
});

/** `GET /v1/sessions` */
export const listSessions = guarded("signed-in", {
  method: "get",
  path: "/v1/sessions",
  summary: "List the browsers that you are signed in with, the newest first",
  tags,
  responses: {
    200: {
      description: "Your sessions",
      content: {
        "application/json": {
          schema: z.object({ sessions: z.array(sessionSchema) }),
        },
      },
    },
  },
});

/** `DELETE /v1/sessions/{id}` */
export const deleteSession = guarded("signed-in", {
  method: "delete",
  path: "/v1/sessions/{id}",
  summary: "End a session of your own",
  tags,
  request: { params: z.object({ id: z.string() }) },
  responses: {
    204: { description: "The session is over" },
    403: { description: "The credential may do less than its account" },
    404: { description: "You have no session of this id" },
  },
}, { action: "sessions:end" });
