import * as z from "zod";
import type { Lifetime } from "./session.ts";

/** Options of the plugin. */
export const sessionOptions = z.strictObject({
  /** A session that is not used for so long is over. */
  idleMinutes: z.number().min(1).max(60 * 24 * 30).default(8 * 60),
  /** A session is over after this, however much it is used; then groups are asked for anew. */
  maxMinutes: z.number().min(1).max(60 * 24 * 90).default(24 * 60),
  /** Whether the page asks for name and password; by default where people can sign in nowhere else. */
  passwords: z.boolean().optional(),
  /** Where one is after signing in, unless one was on one's way elsewhere. */
  home: z.string().regex(/^\/(?![/\\])/, "expected a path such as /").default(
    "/",
  ),
});

/** The options as the plugin has read them. */
export type SessionOptions = ReturnType<typeof sessionOptions.parse>;

/** How long sessions last. */
export function lifetime(
  { idleMinutes, maxMinutes }: SessionOptions,
): Lifetime {
  return { idleMs: idleMinutes * 60_000, maxMs: maxMinutes * 60_000 };
}
