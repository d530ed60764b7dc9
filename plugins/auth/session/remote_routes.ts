import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { ApiError } from "../../../core/error.ts";
import { hostCookie, readCookie } from "../../../http/cookie.ts";
import { createRouter } from "../../../http/router.ts";
import {
  redirect,
  requireSafeTransport,
  tripCookie,
  welcome,
} from "./begin.ts";
import { orFaultPage } from "./or_fault_page.ts";
import { finishLogin, startLogin } from "./operations.ts";
import type { SessionOptions } from "./options.ts";
import { returnPath } from "./return_path.ts";

/** Who has been away for longer begins again. */
const tripSeconds = 600;

/** Only the browser that began can finish: the rest of what it began is in its cookie. */
const tripSchema = z.object({
  with: z.string(),
  to: z.string(),
  memory: z.string(),
});

/** The way to an OpenID provider and back. */
export function remoteRoutes(
  context: AuthRoutesContext<SessionOptions>,
): OpenAPIHono<AppEnv> {
  const { options, baseUrl, remoteSignIns, log } = context;
  const find = (id: string) => {
    const remote = remoteSignIns.find((remote) => remote.id === id);
    if (remote !== undefined) return remote;
    throw new ApiError(
      "not_found",
      "Cannot sign in there: no such provider is configured; choose one on the sign-in page",
    );
  };
  const redirectUri = (request: Request) =>
    `${baseUrl(request)}/login/callback`;
  const app = createRouter();

  app.openapi(startLogin, (c) =>
    orFaultPage(c, log, async () => {
      requireSafeTransport(baseUrl(c.req.raw));
      const { with: id, return_to } = c.req.valid("query");
      const to = returnPath(return_to, options.home);
      const trip = await find(id).begin(redirectUri(c.req.raw));
      const cookie = encode({ with: id, to, memory: trip.memory });
      return redirect(trip.url, [
        hostCookie(tripCookie, cookie, tripSeconds),
      ], 302);
    }));

  app.openapi(finishLogin, async (c) => {
    const request = c.req.raw;
    const response = await orFaultPage(c, log, async () => {
      const trip = decode(readCookie(request, tripCookie));
      const callback = new URL(redirectUri(request));
      callback.search = new URL(request.url).search;
      const { account } = await find(trip.with).finish(callback, trip.memory);
      const to = returnPath(trip.to, options.home);
      return await welcome(context, c, account, to);
    });
    // What was begun is over either way.
    if (response.status !== 303) {
      response.headers.append("set-cookie", hostCookie(tripCookie, "", 0));
    }
    return response;
  });

  return app;
}

function encode(trip: z.output<typeof tripSchema>): string {
  return new TextEncoder().encode(JSON.stringify(trip)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

function decode(cookie: string | null): z.output<typeof tripSchema> {
  try {
    const bytes = Uint8Array.fromBase64(cookie ?? "", {
      alphabet: "base64url",
    });
    return tripSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw badCredential(
      "this browser has not begun to sign in, or did so more than ten minutes ago; begin again",
      { cause: error },
    );
  }
}
