import type { Principal } from "./principal.ts";

/** What the app puts on every Hono context. */
export type AppEnv = {
  Variables: {
    /** Finds out who asks; throws `ApiError("unauthenticated")` with every scheme's challenge. */
    authenticate: () => Promise<Principal>;
    /** Set by the guard of a route that is not public. */
    principal: Principal;
    /** Unique per request; also in the `X-Request-Id` header and the log. */
    requestId: string;
  };
};
