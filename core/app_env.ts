import type { Context, Next } from "hono";
import type { Actor } from "./audit.ts";
import type { Statement } from "./database.ts";
import type { ApiError } from "./error.ts";
import type { Menu } from "./menu.ts";
import type { Permission } from "./permission.ts";
import type { Principal } from "./principal.ts";

/** What the app puts on every Hono context. */
export type AppEnv = {
  Bindings: {
    /** Address of whoever opened the connection; undefined where the platform does not say. */
    peer?: string | undefined;
  };
  Variables: {
    /** Address of the client as far as it is known; see `clientAddress`. */
    source: string | null;
    /** Finds out who asks; throws `ApiError("unauthenticated")` with every scheme's challenge. */
    authenticate: () => Promise<Principal>;
    /** As `authenticate`, for routes that are public: null when the request carries no credential; a bad one is refused. */
    recognise: () => Promise<Principal | null>;
    /** Pages of the app and its plugins. */
    menu: Menu;
    /** The route is a page: it is refused as a page, to people. Set by its guard. */
    isPage?: boolean | undefined;
    /** Set by the guard of a route that is not public. */
    principal: Principal;
    /**
     * Lets a principal's request for this access through, within its rate, and
     * a repeated one with an `Idempotency-Key` at most once.
     */
    admit: (
      c: Context<AppEnv>,
      access: Permission | "signed-in",
      next: Next,
    ) => Promise<Response | undefined>;
    /** What a route that makes runs hands to `runs.submit`: statements that belong into the same write. */
    alongside?: Alongside | undefined;
    /** Largest body of the route, where it is read ahead of it for an `Idempotency-Key`. Set by the guard. */
    maxBodyBytes?: number | undefined;
    /** What the audit calls the request; set by the guard. Without it a request is not audited. */
    action?: string | undefined;
    /** The values of the path's parameters; set by the guard. */
    params?: readonly string[] | undefined;
    /** What the request changed, where its path does not say so: ids that the audit is searched for. Set by the route. */
    targets?: readonly string[] | undefined;
    /** Who asked, where that is no principal. */
    actor?: Actor | undefined;
    /** The audit has the request already, in the same write as what it changed. */
    isAudited?: boolean | undefined;
    /** Why the request was refused. */
    refusal?: ApiError | undefined;
    /** Unique per request; also in the `X-Request-Id` header and the log. */
    requestId: string;
  };
};

/** Statements to be written together with new runs, given their ids. */
export type Alongside = (runIds: readonly string[]) => readonly Statement[];
