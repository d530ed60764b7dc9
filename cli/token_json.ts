import * as z from "zod";

/** What the server tells of a token, never the token itself; null is never, or all that the group may do. */
export const tokenSchema = z.looseObject({
  id: z.string(),
  group: z.string(),
  state: z.string(),
  scope: z.array(z.string()).nullable(),
  description: z.string(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

/** A token that was just made: shown this once. */
export const madeTokenSchema = z.looseObject({
  id: z.string(),
  token: z.string(),
  group: z.string(),
  expires_at: z.string().nullable(),
});

/** A token's place in a list. */
export const tokenHeading = [
  "ID",
  "GROUP",
  "STATE",
  "MADE",
  "EXPIRES",
  "LAST USED",
  "SCOPE",
  "DESCRIPTION",
] as const;

/** Its columns. */
export function tokenColumns(token: z.output<typeof tokenSchema>): string[] {
  return [
    token.id,
    token.group,
    token.state,
    token.created_at,
    token.expires_at ?? "never",
    token.last_used_at ?? "never",
    token.scope?.join(" ") ?? "all",
    token.description,
  ];
}
