import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";

/** Where a page of a list ended, by what the list is ordered by: a time or a duration, then the test's number. */
export type Cursor = { readonly by: number; readonly number: number };

const written = /^(\d{1,15})-(\d{1,15})$/;

/** A cursor as it stands in an address. */
export function cursorText({ by, number }: Cursor): string {
  return `${by}-${number}`;
}

/**
 * The cursor that the address has as `before`; null for the first page.
 *
 * @throws ApiError `invalid` for one that no page of ours gave.
 */
export function readCursor(c: Context<AppEnv>): Cursor | null {
  const text = c.req.query("before") ?? "";
  if (text === "") return null;
  const [, by, number] = written.exec(text) ?? [];
  if (by !== undefined) return { by: Number(by), number: Number(number) };
  throw new ApiError(
    "invalid",
    "Cannot read before: it is not from a link of such a page; begin with the newest",
  );
}

/** What of `limit + 1` rows is shown, and whether there are more. */
export function cut<T>(
  rows: readonly T[],
  limit: number,
): { readonly shown: readonly T[]; readonly last: T | undefined } {
  const shown = rows.slice(0, limit);
  return { shown, last: rows.length > limit ? shown.at(-1) : undefined };
}
