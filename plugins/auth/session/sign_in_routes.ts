import type { OpenAPIHono } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { ApiError } from "../../../core/error.ts";
import { type Principal, principalId } from "../../../core/principal.ts";
import { hostCookie, readCookie, sessionCookie } from "../../../http/cookie.ts";
import { assertCsrf, csrfField } from "../../../http/csrf.ts";
import { readForm } from "../../../http/form.ts";
import { createRouter } from "../../../http/router.ts";
import {
  formCookie,
  redirect,
  requireSafeTransport,
  welcome,
} from "./begin.ts";
import { faultHeaders, orFaultPage } from "./fault_page.ts";
import { login, logout, showLogin, showLogout } from "./operations.ts";
import type { SessionOptions } from "./options.ts";
import {
  faultLine,
  logoutForm,
  page,
  pageHeaders,
  passwordForm,
  remoteLinks,
} from "./page.ts";
import { passwordRequest } from "./password_request.ts";
import { returnPath } from "./return_path.ts";
import { endSession } from "./session.ts";

type Lent = AuthRoutesContext<SessionOptions>;

const maxFormBytes = 16 * 1024;

/** The pages on which people sign in and out. They work without script. */
export function signInRoutes(context: Lent): OpenAPIHono<AppEnv> {
  const { options, database, baseUrl, log } = context;
  const app = createRouter();

  app.openapi(showLogin, async (c) => {
    const request = c.req.raw;
    const to = returnPath(c.req.valid("query").return_to, options.home);
    const who = await whoIsSignedIn(request, c.var.authenticate);
    return who === null
      ? await loginPage(context, request, { to, name: "", fault: null })
      : await signedInPage(request, who);
  });

  app.openapi(login, (c) =>
    orFaultPage(log, async () => {
      const request = c.req.raw;
      requireSafeTransport(baseUrl(request));
      const fields = await readForm(request, maxFormBytes);
      if (readCookie(request, formCookie) === null) throw noCookie();
      assertCsrf(request, fields, formCookie);
      const to = returnPath(fields.get("return_to") ?? "", options.home);
      const name = (fields.get("name") ?? "").trim();
      try {
        const password = fields.get("password") ?? "";
        const known = await checkPassword(
          context,
          request,
          c.var.source,
          { name, password },
        );
        return await welcome(context, c, known.account, to);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status >= 500) throw error;
        // Answered with a page rather than thrown: the audit is told of it all the same.
        c.set("action", "sessions:create");
        c.set("refusal", error);
        return await loginPage(context, request, { to, name, fault: error });
      }
    }));

  app.openapi(showLogout, async (c) => {
    const who = await whoIsSignedIn(c.req.raw, c.var.authenticate);
    return who === null
      ? redirect("/login", [])
      : await signedInPage(c.req.raw, who);
  });

  app.openapi(logout, (c) =>
    orFaultPage(log, async () => {
      const request = c.req.raw;
      // For its check of where the request comes from.
      const who = await whoIsSignedIn(request, c.var.authenticate);
      assertCsrf(request, await readForm(request, maxFormBytes));
      const secret = readCookie(request, sessionCookie);
      if (secret !== null) await database.batch([await endSession(secret)]);
      if (who !== null) {
        c.set("action", "sessions:end");
        c.set("actor", { principal: who, via: "session", credential: null });
      }
      return redirect("/login", [hostCookie(sessionCookie, "", 0)]);
    }));

  return app;
}

/** Who the browser's session is of; null when it has none that counts. */
async function whoIsSignedIn(
  request: Request,
  authenticate: () => Promise<Principal>,
): Promise<string | null> {
  if (readCookie(request, sessionCookie) === null) return null;
  try {
    return principalId(await authenticate());
  } catch (error) {
    if (error instanceof ApiError && error.code === "unauthenticated") {
      return null;
    }
    throw error;
  }
}

async function checkPassword(
  { signIn }: Lent,
  request: Request,
  source: string | null,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Principal> {
  // Basic ends the name at the first colon (RFC 7617, 2).
  if (name.includes(":")) {
    throw badCredential("the name or the password is wrong");
  }
  return await signIn(passwordRequest(request, name, password), source);
}

async function loginPage(
  { options, remoteSignIns, ids }: Lent,
  request: Request,
  { to, name, fault }: { to: string; name: string; fault: ApiError | null },
): Promise<Response> {
  const form = readCookie(request, formCookie) ?? ids.secret();
  const asksPassword = options.passwords ?? remoteSignIns.length === 0;
  const csrf = csrfField(form);
  const body = html`${faultLine(fault?.message ?? null)}
${remoteLinks(remoteSignIns, to)}
${asksPassword ? passwordForm({ csrf, returnTo: to, name }) : ""}`;
  const headers = fault === null
    ? new Headers(pageHeaders)
    : faultHeaders(fault);
  if (asksPassword) headers.append("set-cookie", hostCookie(formCookie, form));
  const status = fault?.status ?? 200;
  return new Response(await page("Sign in", body), { status, headers });
}

async function signedInPage(request: Request, who: string): Promise<Response> {
  const csrf = csrfField(readCookie(request, sessionCookie) ?? "");
  const body = await page("Signed in", logoutForm(who, csrf));
  return new Response(body, { headers: pageHeaders });
}

function noCookie(): ApiError {
  return new ApiError(
    "forbidden",
    "Cannot sign in: the browser sent no cookie along with the form; allow cookies for this site and load the page again",
  );
}
