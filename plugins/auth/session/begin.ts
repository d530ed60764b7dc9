import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { principalId } from "../../../core/principal.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import { hostCookie, readCookie, sessionCookie } from "../../../http/cookie.ts";
import { pageHeaders } from "../../../ui/kit/mod.ts";
import { lifetime, type SessionOptions } from "./options.ts";
import { beginSession } from "./session.ts";

/** Ties the form of the sign-in page to the browser that it was made for. */
export const formCookie = "__Host-slipway-form";

/** Remembers what was begun while somebody is at a provider. */
export const tripCookie = "__Host-slipway-trip";

/**
 * Begins a session under a new secret, whatever the browser had before, and
 * sends it on its way.
 */
export async function welcome(
  context: AuthRoutesContext<SessionOptions>,
  c: Context<AppEnv>,
  account: number,
  to: string,
): Promise<Response> {
  const { accounts, database, ids, now, options } = context;
  const request = c.req.raw;
  const id = ids.uuid();
  const secret = ids.secret();
  const life = lifetime(options);
  await beginSession(database, {
    id,
    account,
    userAgent: plainText(request.headers.get("user-agent") ?? ""),
    createdAt: now(),
    usedAt: now(),
    secret,
    before: readCookie(request, sessionCookie),
  }, life);
  const who = await accounts.find(account);
  c.set("action", "sessions:create");
  c.set("actor", {
    principal: who && principalId(who),
    via: "session",
    credential: id,
  });
  return redirect(to, [
    hostCookie(sessionCookie, secret, Math.floor(life.maxMs / 1000)),
    hostCookie(formCookie, "", 0),
    hostCookie(tripCookie, "", 0),
  ]);
}

/** An answer that only leads on; 303 makes a GET of a form (RFC 9110, 15.4.4). */
export function redirect(
  to: string,
  cookies: readonly string[],
  status: 302 | 303 = 303,
): Response {
  const headers = new Headers({ ...pageHeaders, location: to });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status, headers });
}

/**
 * Browsers keep a Secure cookie that came over plain http from this machine
 * alone. Elsewhere a session would be there for everybody on the way to read.
 *
 * @throws ApiError `forbidden` that says what to change.
 */
export function requireSafeTransport(baseUrl: string): void {
  const { protocol, hostname } = new URL(baseUrl);
  const isSafe = protocol === "https:" ||
    /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (isSafe) return;
  throw new ApiError(
    "forbidden",
    `Cannot sign in over plain http at ${hostname}: the session could be read on its way; use https (behind a proxy that ends TLS the operator sets SLIPWAY_URL to the https URL), or http://localhost on the server itself`,
  );
}

/** What a browser calls itself, short and without what would steer a terminal. */
function plainText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, "?").slice(0, 200);
}
