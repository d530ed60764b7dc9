import * as z from "zod";
import { guarded } from "../../../http/guard.ts";
import { nativeQuery } from "../../../http/query.ts";
import { madeSchema, tokenSchema } from "./token_json.ts";

/**
 * The management of tokens and keys, as the OpenAPI document shows it. No access
 * is a `…:create`: the answers of those are kept for repeated requests, and a
 * token must not be kept.
 * @module
 */

const tags = ["Tokens"];

const params = z.object({ id: z.string().describe("The token's id") });

const refused = {
  401: { description: "Not signed in" },
  403: {
    description:
      "Neither an owner of the group nor an administrator, or allowed less than the token would be",
  },
};

const noSuch = {
  404: { description: "No such token, or not one that you manage" },
};

const badBody = {
  400: { description: "A field is not as it must be" },
  409: { description: "There is no signing key, or the group is disabled" },
  413: { description: "The body is too large" },
  415: { description: "The body is not JSON" },
};

const made = {
  description: "The token, shown this once",
  content: {
    "application/json": { schema: madeSchema },
    "text/plain": { schema: z.string() },
  },
};

/** `GET /v1/tokens` */
export const listTokens = guarded("tokens:manage", {
  method: "get",
  path: "/v1/tokens",
  summary: "List the tokens that you manage, the newest first",
  tags,
  request: {
    query: nativeQuery({
      group: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      cursor: z.string().optional(),
    }),
  },
  responses: {
    200: {
      description:
        "A page of tokens, never a token itself; `next` is the cursor of the following page",
      content: {
        "application/json": {
          schema: z.object({
            tokens: z.array(tokenSchema),
            next: z.string().nullable(),
          }),
        },
      },
    },
    ...refused,
  },
});

const required: string[] = ["group"];

const makeFields = {
  type: "object",
  properties: {
    group: { type: "string" },
    scope: {
      type: "array",
      items: { type: "string", example: "executions:create" },
    },
    jobs: { type: "array", items: { type: "string" } },
    backends: { type: "array", items: { type: "string" } },
    expires: { type: "string", example: "90d", default: "never" },
    description: { type: "string", maxLength: 200 },
  },
  required,
  additionalProperties: false,
} as const;

/** `POST /v1/tokens` */
export const createToken = guarded("tokens:manage", {
  method: "post",
  path: "/v1/tokens",
  summary: "Make an automation token of a group",
  description:
    "An administrator's new group is made with it. The token may do what its group may, narrowed by `scope` (default: what a CI bot needs), `jobs` (globs) and `backends`, and never more than the credential that makes it. With `Accept: text/plain` the answer is the token and a line break.",
  tags,
  requestBody: {
    required: true,
    content: { "application/json": { schema: makeFields } },
  },
  responses: {
    201: { ...made, description: `${made.description}; \`Location\` shows it` },
    ...badBody,
    ...refused,
  },
}, { action: "tokens:create" });

/** `GET /v1/tokens/{id}` */
export const showToken = guarded("tokens:manage", {
  method: "get",
  path: "/v1/tokens/{id}",
  summary: "Show what is known of a token",
  tags,
  request: { params, query: nativeQuery({}) },
  responses: {
    200: {
      description: "The token's facts, never the token itself",
      content: { "application/json": { schema: tokenSchema } },
    },
    ...refused,
    ...noSuch,
  },
});

const rotateFields = {
  type: "object",
  properties: {
    grace: { type: "string", example: "24h", default: "24h" },
    expires: { type: "string", example: "90d" },
  },
  additionalProperties: false,
} as const;

/** `POST /v1/tokens/{id}/rotate` */
export const rotateToken = guarded("tokens:manage", {
  method: "post",
  path: "/v1/tokens/{id}/rotate",
  summary: "Make a token that takes another one's place",
  description:
    "The same group, scope and limits. Both work until `grace` (up to 30d) is over; then the old one is dead.",
  tags,
  request: { params },
  requestBody: {
    required: false,
    content: { "application/json": { schema: rotateFields } },
  },
  responses: {
    201: made,
    ...badBody,
    409: { description: "The token has ended, or was rotated before" },
    ...refused,
    ...noSuch,
  },
}, { action: "tokens:rotate" });

/** `DELETE /v1/tokens/{id}` */
export const revokeToken = guarded("tokens:manage", {
  method: "delete",
  path: "/v1/tokens/{id}",
  summary: "Revoke a token",
  description:
    "It is refused from the next request on. Revoking it again changes nothing and is a 204 too.",
  tags,
  request: { params, query: nativeQuery({}) },
  responses: {
    204: { description: "The token is revoked" },
    ...refused,
    ...noSuch,
  },
}, { action: "tokens:revoke" });

/** `DELETE /v1/tokens?group=` */
export const revokeGroup = guarded("tokens:manage", {
  method: "delete",
  path: "/v1/tokens",
  summary: "Revoke every token of a group",
  tags,
  request: { query: nativeQuery({ group: z.string() }) },
  responses: {
    200: {
      description: "How many were live, or would have been",
      content: {
        "application/json": { schema: z.object({ revoked: z.int() }) },
      },
    },
    ...refused,
  },
}, { action: "tokens:revoke" });

/** `GET /.well-known/jwks.json` */
export const showKeys = guarded("public", {
  method: "get",
  path: "/.well-known/jwks.json",
  summary: "The public keys that tokens are signed with (RFC 7517)",
  tags,
  responses: {
    200: {
      description: "A JWK Set, the key that signs now first",
      content: {
        "application/json": {
          schema: z.object({
            keys: z.array(z.object({
              kty: z.literal("OKP"),
              crv: z.literal("Ed25519"),
              x: z.string(),
              kid: z.string(),
              use: z.literal("sig"),
              alg: z.literal("EdDSA"),
            })),
          }),
        },
      },
    },
  },
});
