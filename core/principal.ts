import type { Limit } from "./limit.ts";
import type { Permission } from "./permission.ts";

/**
 * Who asks. It is logged and audited, so it never holds the credential:
 * only which one it was (`credential`, an id) and which scheme accepted it (`via`).
 */
export type Principal = {
  readonly kind: "user" | "group";
  /** Row id of the account: debci's `requestor_id`. */
  readonly account: number;
  /** Unique within its kind. */
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** What the account and the credential are narrowed to; all must leave room. */
  readonly limits: readonly Limit[];
  /** Name of the auth plugin that recognised the caller. */
  readonly via: string;
  /** Id of the credential row, e.g. a token's `jti`. */
  readonly credential: string;
};

/** The principal as one word, unique among all: `user:alice`, `group:ci-bots`. */
export function principalId(
  principal: Pick<Principal, "kind" | "name">,
): string {
  return `${principal.kind}:${principal.name}`;
}
