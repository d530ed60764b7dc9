import * as z from "zod";
import { guarded } from "../../../http/guard.ts";

/**
 * The management of one's own keys, as the OpenAPI document shows it.
 * @module
 */

const tags = ["Auth-Keys"];

const time = z.iso.datetime();

/** A key in a list. Times are RFC 3339 in UTC. */
export const keySchema = z.object({
  id: z.string(),
  description: z.string(),
  created_at: time,
  /** To the minute; null: never. */
  last_used_at: time.nullable(),
  /** Null: the key is live. */
  revoked_at: time.nullable(),
});

const refused = {
  401: { description: "Not signed in (403 where debci's dialect is loaded)" },
  403: {
    description: "Signed in with an Auth-Key, or allowed less than the account",
  },
};

/** `GET /api/v1/keys` */
export const listKeys = guarded("keys:read", {
  method: "get",
  path: "/api/v1/keys",
  summary: "List your Auth-Keys, the newest first",
  description:
    "Live keys and the 50 that were revoked last, never a key itself. Sign in with name and password or with a token, not with a key.",
  tags,
  responses: {
    200: {
      description: "The keys of the account",
      content: {
        "application/json": { schema: z.object({ keys: z.array(keySchema) }) },
      },
    },
    ...refused,
  },
});

const fields = {
  type: "object",
  properties: { description: { type: "string", maxLength: 200 } },
  additionalProperties: false,
} as const;

/**
 * `POST /api/v1/keys`. Its access is no `…:create`: the answers of those are
 * kept for repeated requests, and a key must not be kept.
 */
export const createKey = guarded("signed-in", {
  method: "post",
  path: "/api/v1/keys",
  summary: "Make an Auth-Key of your own",
  description:
    "The key is shown in this answer only; with `Accept: text/plain` the answer is the key and a line break. A key may do what its account may, so a credential that may do less cannot make one. Sign in with name and password or with a token, not with a key.",
  tags,
  requestBody: {
    required: false,
    content: {
      "application/json": { schema: fields },
      "application/x-www-form-urlencoded": { schema: fields },
      "multipart/form-data": { schema: fields },
    },
  },
  responses: {
    201: {
      description: "The new key; `Location` is where it is revoked",
      content: {
        "application/json": {
          schema: z.object({
            id: z.string(),
            key: z.string(),
            description: z.string(),
            created_at: time,
          }),
        },
        "text/plain": { schema: z.string() },
      },
    },
    400: { description: "The description is not as it must be" },
    ...refused,
    409: { description: "The account has 50 live keys" },
    413: { description: "The body is too large" },
    415: { description: "The body is neither JSON nor a form" },
  },
}, { action: "keys:create" });

/** `DELETE /api/v1/keys/{id}` */
export const revokeKey = guarded("signed-in", {
  method: "delete",
  path: "/api/v1/keys/{id}",
  summary: "Revoke an Auth-Key of your own",
  description:
    "The key is refused from the next request on. Revoking it again changes nothing and is a 204 too. Sign in with name and password or with a token, not with a key.",
  tags,
  request: { params: z.object({ id: z.string() }) },
  responses: {
    204: { description: "The key is revoked" },
    ...refused,
    404: { description: "The account has no key of this id" },
  },
}, { action: "keys:revoke" });
