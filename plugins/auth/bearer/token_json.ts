import * as z from "zod";
import type { MadeToken } from "./mint.ts";
import { isForgotten, type KeptToken, stateOf } from "./token_store.ts";

const time = z.iso.datetime();

const limitSchema = z.object({
  backends: z.array(z.string()).optional(),
  jobs: z.array(z.string()).optional(),
});

/** What is known of a token. Times are RFC 3339 in UTC. */
export const tokenSchema = z.object({
  id: z.string(),
  group: z.string(),
  state: z.enum(["live", "revoked", "expired"]),
  /** Null: all that its group may do. */
  scope: z.array(z.string()).nullable(),
  /** All of them must leave room. */
  limits: z.array(limitSchema),
  description: z.string(),
  created_at: time,
  /** Null: made on the server. */
  created_by: z.string().nullable(),
  /** Null: never. */
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  /** To the minute; null: never. */
  last_used_at: time.nullable(),
  /** Live, but not used for 90 days: is it still needed? */
  is_unused_for_90_days: z.boolean(),
  /** Id of the token that took its place. */
  replaced_by: z.string().nullable(),
  /** `kid` of the key that signed it. */
  signing_key: z.string().nullable(),
});

/** A token as it is shown once. */
export const madeSchema = z.object({
  id: z.string(),
  token: z.string(),
  group: z.string(),
  scope: z.array(z.string()).nullable(),
  limits: z.array(limitSchema),
  description: z.string(),
  created_at: time,
  expires_at: time.nullable(),
});

/** What is known of a token, as JSON. */
export function toTokenJson(
  token: KeptToken,
  group: string,
  now: number,
): z.output<typeof tokenSchema> {
  return {
    id: token.id,
    group,
    state: stateOf(token, now),
    scope: token.scope === null ? null : [...token.scope],
    limits: toLimitsJson(token.limits),
    description: token.description,
    created_at: toIso(token.createdAt),
    created_by: token.createdBy,
    expires_at: toIsoOrNull(token.expiresAt),
    revoked_at: toIsoOrNull(token.revokedAt),
    last_used_at: toIsoOrNull(token.lastUsedAt),
    is_unused_for_90_days: isForgotten(token, now),
    replaced_by: token.replacedBy,
    signing_key: token.kid,
  };
}

/** A new token, as JSON. */
export function toMadeJson(
  { token, id, createdAt, expiresAt }: MadeToken,
  { group, scope, limits, description }:
    & { readonly group: string }
    & Pick<KeptToken, "scope" | "limits" | "description">,
): z.output<typeof madeSchema> {
  return {
    id,
    token,
    group,
    scope: scope === null ? null : [...scope],
    limits: toLimitsJson(limits),
    description,
    created_at: toIso(createdAt),
    expires_at: toIsoOrNull(expiresAt),
  };
}

function toLimitsJson(limits: KeptToken["limits"]) {
  return limits.map(({ backends, jobs }) => ({
    ...backends === undefined ? {} : { backends: [...backends] },
    ...jobs === undefined ? {} : { jobs: [...jobs] },
  }));
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function toIsoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toIso(epochMs);
}
