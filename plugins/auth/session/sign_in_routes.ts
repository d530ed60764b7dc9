import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { ApiError } from "../../../core/error.ts";
import { type Principal, principalId } from "../../../core/principal.ts";
import { hostCookie, readCookie, sessionCookie } from "../../../http/cookie.ts";
import { assertCsrf } from "../../../http/csrf.ts";
import { readForm } from "../../../http/form.ts";
import { createRouter } from "../../../http/router.ts";
import {
  formCookie,
  redirect,
  requireSafeTransport,
  welcome,
} from "./begin.ts";
import { login, logout, showLogin, showLogout } from "./operations.ts";
import type { SessionOptions } from "./options.ts";
import { orFaultPage } from "./or_fault_page.ts";
import { passwordRequest } from "./password_request.ts";
import { returnPath } from "./return_path.ts";
import { endSession } from "./session.ts";
import { answerSignedIn, answerSignIn } from "./sign_in_page.tsx";

type Lent = AuthRoutesContext<SessionOptions>;

const maxFormBytes = 16 * 1024;

/** The pages on which people sign in and out. They work without script. */
export function signInRoutes(context: Lent): OpenAPIHono<AppEnv> {
  const { options, database, baseUrl, log } = context;
  const app = createRouter();

  app.openapi(showLogin, async (c) => {
    const to = returnPath(c.req.valid("query").return_to, options.home);
    const who = await whoIsSignedIn(c);
    return who === null
      ? loginPage(context, c, { to, name: "", fault: null })
      : answerSignedIn(c, who, to);
  });

  app.openapi(login, (c) =>
    orFaultPage(c, log, async () => {
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
        return loginPage(context, c, { to, name, fault: error });
      }
    }));

  app.openapi(showLogout, async (c) => {
    const who = await whoIsSignedIn(c);
    return who === null
      ? redirect("/login", [])
      : answerSignedIn(c, who, options.home);
  });

  app.openapi(logout, (c) =>
    orFaultPage(c, log, async () => {
      const request = c.req.raw;
      // For its check of where the request comes from.
      const who = await whoIsSignedIn(c);
      assertCsrf(request, await readForm(request, maxFormBytes));
      const secret = readCookie(request, sessionCookie);
      if (secret !== null) await database.batch([await endSession(secret)]);
      if (who !== null) {
        c.set("action", "sessions:end");
        const { via, credential } = who;
        c.set("actor", { principal: principalId(who), via, credential });
      }
      return redirect("/login", [hostCookie(sessionCookie, "", 0)]);
    }));

  return app;
}

/** Who the browser's session is of, whom the page then greets; null when it has none that counts. */
async function whoIsSignedIn(c: Context<AppEnv>): Promise<Principal | null> {
  if (readCookie(c.req.raw, sessionCookie) === null) return null;
  try {
    const who = await c.var.authenticate();
    c.set("principal", who);
    return who;
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

function loginPage(
  { options, remoteSignIns, ids }: Lent,
  c: Context<AppEnv>,
  { to, name, fault }: { to: string; name: string; fault: ApiError | null },
): Response {
  const asksPassword = options.passwords ?? remoteSignIns.length === 0;
  const form = asksPassword
    ? readCookie(c.req.raw, formCookie) ?? ids.secret()
    : null;
  const remotes = remoteSignIns;
  const response = answerSignIn(c, { remotes, form, to, name, fault });
  if (form !== null) {
    response.headers.append("set-cookie", hostCookie(formCookie, form));
  }
  return response;
}

function noCookie(): ApiError {
  return new ApiError(
    "forbidden",
    "Cannot sign in: the browser sent no cookie along with the form; allow cookies for this site and load the page again",
  );
}
