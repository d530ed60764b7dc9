import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { Accounts, Groups } from "./account.ts";
import type { Holding } from "./administration.ts";
import type { AppEnv } from "./app_env.ts";
import type { Database, Migration } from "./database.ts";
import type { Ids } from "./id.ts";
import type { IdentityAccounts } from "./identity.ts";
import type { Log } from "./log.ts";
import type { Menu } from "./menu.ts";
import type { Principal } from "./principal.ts";
import type { RemoteSignIn } from "./sign_in.ts";
import type { SignIns } from "./sign_in_attempt.ts";

/** What an auth plugin is lent. */
export type AuthContext<Options> = {
  readonly options: Options;
  /** For its own tables only. */
  readonly database: Database;
  readonly accounts: Accounts & IdentityAccounts;
  /** For whatever checks passwords. */
  readonly signIns: SignIns;
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly log: Log;
};

/** What the routes of an auth plugin are lent. */
export type AuthRoutesContext<Options> = AuthContext<Options> & {
  readonly ids: Ids;
  readonly groups: Groups;
  /** Names of the loaded backends. */
  readonly backends: readonly string[];
  /** Public URL of the server, without a final slash. */
  readonly baseUrl: (request: Request) => string;
  /**
   * Asks every way to sign in who sent a request, as a guarded route does: for
   * a form whose name and password become the request's `Authorization`.
   *
   * @throws ApiError as `Authenticate` does.
   */
  readonly signIn: (
    request: Request,
    source: string | null,
  ) => Promise<Principal>;
  /** Where else people may sign in, of all plugins. */
  readonly remoteSignIns: readonly RemoteSignIn[];
};

/**
 * Decides who sent a request; called for every request that needs a principal, concurrently.
 * `source` is the client's address, as far as it is known.
 * Null: the request carries nothing of this scheme. Throws `ApiError("unauthenticated")`:
 * it does, but the credential is bad; the text says so without repeating it.
 */
export type Authenticate = (
  request: Request,
  source?: string | null,
) => Promise<Principal | null>;

/** A way to sign in. */
export type Auth = {
  readonly name: string;
  /** Entry of the OpenAPI document's `securitySchemes`. */
  readonly scheme: { readonly [key: string]: string };
  /** Value for `WWW-Authenticate` when nobody is signed in. */
  readonly challenge: string;
  /** Browsers add the credential by themselves, so that a change which another site's page asks for is refused. */
  readonly isAmbient: boolean;
  readonly migrations: readonly Migration[];
  /** Its pages in the menus. */
  readonly menu: Menu;
  /** What is wrong with the options; empty when nothing is. */
  readonly faults: readonly string[];
  /** Does no I/O; the returned function does. */
  start(lent: Omit<AuthContext<never>, "options">): Authenticate;
  /** Does no I/O. Null: this way to sign in has no routes. */
  routes(
    lent: Omit<AuthRoutesContext<never>, "options">,
  ): OpenAPIHono<AppEnv> | null;
  /** Does no I/O. */
  remoteSignIns(
    lent: Omit<AuthContext<never>, "options">,
  ): readonly RemoteSignIn[];
  /** What an account can sign in with; null for a way to sign in that does not tell. */
  holding(
    account: number,
    lent: Pick<AuthContext<never>, "database" | "now">,
  ): Promise<Holding> | null;
};

/** Defines a way to sign in; the result is called with its options in `slipway.config.ts`. */
export function defineAuth<Options extends z.ZodType>(definition: {
  name: string;
  scheme: { readonly [key: string]: string };
  challenge: string;
  isAmbient?: boolean;
  options: Options;
  migrations: readonly Migration[];
  /** Its pages in the menus; their routes are among its routes, declared with `page` of `ui/kit/`. */
  menu?: Menu;
  authenticate: (context: AuthContext<z.output<Options>>) => Authenticate;
  /**
   * Called once at start: where people manage their credentials of this scheme.
   * Declares every route with `guarded` of `http/guard.ts`, and none as public
   * but those by which one signs in and out, and what must be (`/.well-known/…`);
   * whoever is signed in, in whichever way, comes as `c.var.principal`.
   */
  routes?: (
    context: AuthRoutesContext<z.output<Options>>,
  ) => OpenAPIHono<AppEnv>;
  /** Called once at start: where else people sign in. */
  remoteSignIns?: (
    context: AuthContext<z.output<Options>>,
  ) => readonly RemoteSignIn[];
  /** How many credentials an account has that work, for its page in the administration. */
  holding?: (
    account: number,
    context: Pick<
      AuthContext<z.output<Options>>,
      "database" | "now" | "options"
    >,
  ) => Promise<Holding>;
}): (options?: z.input<Options>) => Auth {
  return (options) => {
    const parsed = definition.options.safeParse(options ?? {});
    const readOptions = () => {
      if (parsed.success) return parsed.data;
      throw new TypeError(
        optionFaults(definition.name, parsed.error).join("\n"),
      );
    };
    return {
      name: definition.name,
      scheme: definition.scheme,
      challenge: definition.challenge,
      isAmbient: definition.isAmbient ?? false,
      migrations: definition.migrations,
      menu: definition.menu ?? [],
      faults: parsed.success ? [] : optionFaults(definition.name, parsed.error),
      start: (lent) =>
        definition.authenticate({ ...lent, options: readOptions() }),
      routes: (lent) =>
        definition.routes?.({ ...lent, options: readOptions() }) ?? null,
      remoteSignIns: (lent) =>
        definition.remoteSignIns?.({ ...lent, options: readOptions() }) ?? [],
      holding: (account, lent) =>
        definition.holding?.(account, { ...lent, options: readOptions() }) ??
          null,
    };
  };
}

/** Each fault of a plugin's options as a line that names plugin and option. */
export function optionFaults(plugin: string, error: z.ZodError): string[] {
  return error.issues.map((issue) =>
    `${plugin}: option ${issue.path.join(".") || "(all)"}: ${issue.message}`
  );
}
