import type { Context } from "hono";
import { clientAddress, type Network } from "../core/address.ts";
import type { AppEnv } from "../core/app_env.ts";
import type { Auth } from "../core/auth.ts";
import type { Backend } from "../core/backend.ts";
import type { BlobStore } from "../core/blob.ts";
import type { Database } from "../core/database.ts";
import { facetsOf } from "../core/facet.ts";
import { type Ids, systemIds } from "../core/id.ts";
import type { Log } from "../core/log.ts";
import { coreMigrations } from "../db/migrations/mod.ts";
import type { MigrationSource } from "../db/migrate.ts";
import { PageStore } from "../db/page_store.ts";
import { openStore, type Store } from "../db/store.ts";
import { createRouter } from "../http/router.ts";
import { answerRefusal } from "../ui/kit/respond.tsx";
import { menuOf, missingPage, pages } from "../ui/mod.ts";
import { admit } from "./admit.ts";
import { artifactRoutes } from "./artifacts.ts";
import { Auditor } from "./auditor.ts";
import { auditRoutes } from "./audit.ts";
import { authenticate, recogniseReader } from "./authenticate.ts";
import { serveBackends } from "./backend_routes.ts";
import { Changes } from "./changes.ts";
import { Dispatcher } from "./dispatcher.ts";
import { EventStreams } from "./event_streams.ts";
import { Follower } from "./follower.ts";
import { healthRoutes } from "./health.ts";
import { serveOpenApi } from "./openapi.ts";
import { lendToPages } from "./lent_to_pages.ts";
import { findDialect, tolerate } from "./paths.ts";
import { peerOf } from "./peer.ts";
import {
  defaultRatePolicies,
  RateLimiter,
  type RatePolicies,
} from "./rate_limiter.ts";
import { Retrier } from "./retrier.ts";
import { fromThrown, refusal, unknownPath, unreadableUrl } from "./refusal.ts";
import { runnerRoutes } from "./runner_protocol.ts";
import { runnerAdminRoutes } from "./runners.ts";
import { runRetryRoutes } from "./run_retry.ts";
import { runRoutes } from "./runs.ts";
import { schemaGate } from "./schema_gate.ts";
import { whoamiRoutes } from "./whoami.ts";

/** Which plugins a deployment loads: what `slipway.config.ts` returns. */
export type Plugins = {
  readonly auth: readonly Auth[];
  readonly backends: readonly Backend[];
  /** Requests per credential; null for no limit, generous ones when left out. */
  readonly rates?: RatePolicies | null;
};

/** What an app is made of and lent. */
export type AppParts = {
  readonly plugins: Plugins;
  readonly database: Database;
  readonly publicUrl?: string | undefined;
  readonly runnerToken?: string | undefined;
  /** Whose `X-Forwarded-For` is believed; nobody's by default. */
  readonly proxies?: readonly Network[] | undefined;
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly log: Log;
  readonly ids?: Ids;
  /** Where artifacts go; without it runners cannot hand any in. */
  readonly blobs?: BlobStore | undefined;
  /** Seconds; shorter ones make for quick tests. */
  readonly intervals?: Partial<Intervals>;
};

type Intervals = Parameters<typeof runnerRoutes>[0]["intervals"] & {
  readonly ackSeconds: number;
};

/** engineering.md 1.2: a lease of three missed heartbeats, a claim that must be taken up at once. */
const defaultIntervals: Intervals = {
  claimWaitSeconds: 50,
  heartbeatSeconds: 20,
  leaseSeconds: 60,
  ackSeconds: 15,
  logFlushMs: 500,
  renewSeconds: 24 * 3600,
};

/** A Slipway that answers requests. */
export type App = {
  /** `info` is what `Deno.serve` says of the connection: who opened it is in there. */
  fetch(request: Request, info?: unknown): Promise<Response>;
  /** Lets waiting claims go, so that the server can stop. */
  close(): void;
  readonly store: Store;
  /** Every route, for checks that none is forgotten. */
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
  }[];
};

/** The migrations of the core and of every plugin. */
export function migrationSources(plugins: Plugins): MigrationSource[] {
  return [
    { owner: "core", migrations: coreMigrations },
    ...[...plugins.auth, ...plugins.backends].map(({ name, migrations }) => ({
      owner: name,
      migrations,
    })),
  ];
}

/**
 * Puts an app together. Does no I/O.
 *
 * @throws TypeError that names every fault of every plugin's options.
 */
export function createApp(parts: AppParts): App {
  const { plugins, database, now, log } = parts;
  const faults = [...plugins.auth, ...plugins.backends].flatMap((plugin) =>
    plugin.faults
  );
  if (faults.length > 0) {
    throw new TypeError(`Cannot start: ${faults.join("; ")}`);
  }

  const intervals = { ...defaultIntervals, ...parts.intervals };
  const ids = parts.ids ?? systemIds(now);
  const leaseMs = intervals.leaseSeconds * 1000;
  const durations = { ackMs: intervals.ackSeconds * 1000, leaseMs };
  const store = openStore(database, now, ids, durations, {
    blobs: parts.blobs ?? null,
    facets: facetsOf(plugins.backends),
  });
  const backends = new Map(
    plugins.backends.map((backend) => [backend.name, backend]),
  );
  const follower = new Follower(store, now, () => dispatcher.reap());
  const dispatcher: Dispatcher = new Dispatcher(
    store,
    backends,
    now,
    leaseMs,
    follower,
    log,
  );
  const changes = new Changes(store.runs, now);
  const limiter = plugins.rates === null
    ? null
    : new RateLimiter(plugins.rates ?? defaultRatePolicies, now);
  const auditor = new Auditor(store.audit, now, log);
  const lentToAuth = {
    database,
    accounts: store.accounts,
    signIns: store.signIns,
    now,
    fetch: parts.fetch,
    log,
  };
  const schemes = plugins.auth.map((auth) => ({
    auth,
    authenticate: auth.start(lentToAuth),
  }));
  const baseUrl = (request: Request) =>
    parts.publicUrl ?? new URL(request.url).origin;

  const streams = new EventStreams(now);
  const watchEvents = async (c: Context<AppEnv>) => {
    const principal = c.get("principal");
    if (c.res.headers.get("content-type") !== "text/event-stream") return;
    if (principal === undefined) return;
    // A copy, since the request itself is gone once its answer has begun.
    const { url, headers } = c.req.raw;
    const asked = new Request(url, { headers });
    const ownUrl = baseUrl(c.req.raw);
    c.res = await streams.watch(
      c.res,
      principal,
      () => authenticate(schemes, asked, ownUrl, c.var.source),
    );
  };

  const menu = menuOf([...plugins.backends, ...plugins.auth]);
  const app = createRouter();
  const requireSchema = schemaGate(database, migrationSources(plugins));
  app.use(async (c, next) => {
    c.set("requestId", ids.uuid());
    c.set("menu", menu);
    const ownUrl = baseUrl(c.req.raw);
    const source = clientAddress(
      c.env.peer,
      c.req.header("x-forwarded-for") ?? null,
      parts.proxies ?? [],
    );
    c.set("source", source);
    c.set(
      "authenticate",
      () => authenticate(schemes, c.req.raw, ownUrl, source),
    );
    c.set(
      "recognise",
      () => recogniseReader(schemes, c.req.raw, ownUrl, source),
    );
    c.set(
      "admit",
      (context, access, next) =>
        admit(context, access, next, limiter, store.idempotency, auditor),
    );
    const isProbe = c.req.path === "/livez" || c.req.path === "/readyz";
    if (c.req.path !== "/livez") await requireSchema();
    // Beside the request, which need not wait for it to begin.
    const reaping = isProbe ? null : dispatcher.reap();
    await next();
    await auditor.answered(c);
    await reaping;
    // Answered as GET, of which only the headers go out: what its body holds open is let go.
    if (c.req.method === "HEAD") await c.res.body?.cancel();
    else await watchEvents(c);
    c.header("x-request-id", c.var.requestId);
  });
  app.route("/", healthRoutes(database, now));
  app.route("/", whoamiRoutes());
  app.route("/", auditRoutes(store.audit));
  app.route("/", runnerAdminRoutes(store, now));
  const pageData = new PageStore(database, [...backends.keys()]);
  app.route(
    "/",
    runRoutes({ store, pages: pageData, dispatcher, follower, now }),
  );
  app.route("/", artifactRoutes(store, dispatcher));
  app.route(
    "/",
    runnerRoutes({
      store,
      dispatcher,
      follower,
      ids,
      intervals,
      baseUrl,
      now,
      blobs: parts.blobs ?? null,
      registrationToken: parts.runnerToken,
    }),
  );
  const remoteSignIns = plugins.auth.flatMap((auth) =>
    auth.remoteSignIns(lentToAuth)
  );
  const lentToAuthRoutes = {
    ...lentToAuth,
    ids,
    groups: store.groups,
    backends: [...backends.keys()],
    baseUrl,
    signIn: (request: Request, source: string | null) =>
      authenticate(schemes, request, baseUrl(request), source),
    remoteSignIns,
  };
  for (const auth of plugins.auth) {
    const routes = auth.routes(lentToAuthRoutes);
    if (routes !== null) app.route("/", routes);
  }
  const plans = serveBackends(app, plugins.backends, {
    store,
    dispatcher,
    follower,
    now,
    fetch: parts.fetch,
    log,
    baseUrl,
  });
  const refuse = (error: Error, c: Context<AppEnv>) => {
    const refused = fromThrown(error);
    c.set("refusal", refused);
    if (refused.status >= 500) {
      log("error", refused.message, {
        requestId: c.var.requestId,
        cause: String(refused.options.cause ?? error),
      });
    }
    return refused;
  };
  const retrier = new Retrier(store, dispatcher, plans);
  app.route("/", runRetryRoutes({ store, dispatcher, retrier }));
  const lentToPages = {
    store,
    dispatcher,
    follower,
    backends: plugins.backends,
    retrier,
    changes,
    now,
  };
  app.route("/", pages(lendToPages(app, lentToPages)));
  serveOpenApi(app, plugins.auth);
  app.notFound((c) => {
    const error = unknownPath(app, c.req);
    const dialect = findDialect(plugins.backends, c.req.path);
    const page = dialect === null ? missingPage(c, error) : null;
    return page ?? refusal(error, c, dialect);
  });
  app.onError((error, c) => {
    const refused = refuse(error, c);
    return c.get("isPage")
      ? answerRefusal(c, refused)
      : refusal(refused, c, findDialect(plugins.backends, c.req.path));
  });

  return {
    fetch: async (request, info) => {
      const tolerated = tolerate(plugins.backends, request);
      return tolerated === null
        ? unreadableUrl(ids.uuid())
        : await app.fetch(tolerated, { peer: peerOf(info) });
    },
    close: () => {
      dispatcher.close();
      follower.close();
      changes.close();
    },
    store,
    routes: app.routes,
  };
}
