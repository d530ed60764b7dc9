import type { Context } from "hono";
import type { Account } from "../../../core/account.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import type { Typed } from "../../../ui/kit/mod.ts";
import { type Authority, findAuthority } from "./authority.ts";
import type { Options } from "./options.ts";
import type { KeptToken } from "./token_store.ts";

/** Where the pages of tokens are. */
export type Place = {
  readonly path: "/account/tokens" | "/admin/tokens";
  readonly title: string;
  /** The tokens of all groups, and not of the reader's own alone. */
  readonly isOfAll: boolean;
};

/** What the pages are lent. */
export type PageContext = AuthRoutesContext<Options>;

/** What became of a form, for the page that answers it. */
export type Shown = {
  readonly typed?: Typed;
  readonly fault?: string;
  /** Shown this once. */
  readonly made?: { readonly token: string; readonly group: string };
  readonly status?: 200 | 201 | 400 | 403 | 409;
};

/**
 * What the reader manages on a page.
 *
 * @throws ApiError as `findAuthority`.
 */
export async function authorityAt(
  context: PageContext,
  { isOfAll }: Place,
  c: Context<AppEnv>,
): Promise<Authority> {
  const { principal } = c.var;
  const authority = await findAuthority(context, principal);
  if (isOfAll || authority.groups !== null) return authority;
  const groups = principal.kind === "group"
    ? [principal.account]
    : await context.groups.ownedBy(principal.account);
  return { ...authority, groups };
}

/** The groups that somebody manages one by one, in the order of their names; none for who manages all. */
export async function managedGroups(
  { accounts }: Pick<PageContext, "accounts">,
  { groups }: Authority,
): Promise<readonly Account[]> {
  const found = await Promise.all(
    (groups ?? []).map((id) => accounts.find(id)),
  );
  return found.filter((group) => group !== null)
    .toSorted((a, b) => a.name < b.name ? -1 : 1);
}

/** Names of the groups of some tokens, by account id. */
export async function namesOf(
  { accounts }: Pick<PageContext, "accounts">,
  tokens: readonly Pick<KeptToken, "account">[],
): Promise<ReadonlyMap<number, string>> {
  const ids = [...new Set(tokens.map(({ account }) => account))];
  return new Map(
    await Promise.all(
      ids.map(async (id) =>
        [id, (await accounts.find(id))?.name ?? ""] as const
      ),
    ),
  );
}

/**
 * What a refusal means for the form that it is about: the form is shown again,
 * with what was typed.
 *
 * @throws the error, when it is about something else.
 */
export function toShown(
  c: Context<AppEnv>,
  error: unknown,
  typed: Typed,
): Shown {
  if (!(error instanceof ApiError)) throw error;
  const { message: fault } = error;
  switch (error.code) {
    case "invalid":
      return { typed, fault, status: 400 };
    case "conflict":
      return { typed, fault, status: 409 };
    case "forbidden":
      // Answered with a page rather than thrown: the audit is told of it all the same.
      c.set("refusal", error);
      return { typed, fault, status: 403 };
    default:
      throw error;
  }
}
