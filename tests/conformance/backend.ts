/**
 * What every backend must do, as part of a real app on a database of its own.
 * A plugin's own test calls `testBackend` with samples.
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Backend } from "../../core/backend.ts";
import { type End, endStates, type Run } from "../../core/run.ts";
import { permissionKey } from "../../http/guard.ts";
import { startTestApp, type TestApp } from "../app.ts";

/** One request as a signed-in user sends it; `Request`s are not used up, so they can be sent again. */
export type BackendSamples = {
  /** Puts into the store what the samples presuppose, such as a catalogue. */
  readonly seed?: (app: TestApp) => Promise<void>;
  /** Each makes at least one run. Any host will do. */
  readonly valid: readonly Request[];
  /** Each is refused with a 4xx. */
  readonly invalid: readonly Request[];
  /** Routes that anybody may read, by path, `/*` at its end standing for all below; everywhere else a route names who may. */
  readonly publicPaths?: readonly string[];
};

/** A user of the samples. */
const user = "alice";

/**
 * Registers the conformance test of a backend with its default options.
 * `name` is its folder's.
 */
export function testBackend(
  name: string,
  backend: Backend,
  samples: BackendSamples,
): void {
  const start = async () => {
    const app = await startTestApp([backend]);
    await samples.seed?.(app);
    return app;
  };

  Deno.test(`backend ${name} conforms`, async (t) => {
    await t.step(
      "is named like its folder and says what it is",
      () => assertNamed(name, backend),
    );
    await t.step(
      "migrates its own tables only",
      () => assertOwnTables(backend),
    );
    await t.step(
      "starts without touching the store or the network",
      () => void quietRoutes(backend),
    );
    await t.step(
      "every route is documented, guarded and in its dialect",
      () => assertRoutes(backend, samples.publicPaths ?? []),
    );
    await t.step("every end has an outcome", () => assertOutcomes(backend));
    for (const [at, request] of samples.valid.entries()) {
      const what = `valid request ${at + 1}, ${label(request)}`;
      await t.step(`takes ${what}`, async () => {
        await using app = await start();
        await assertTaken(app, backend, request);
      });
      await t.step(
        `refuses ${what}, from nobody and from strangers`,
        async () => {
          await using app = await start();
          await assertSignedIn(app, backend, request);
        },
      );
    }
    for (const [at, request] of samples.invalid.entries()) {
      const what = `invalid request ${at + 1}, ${label(request)}`;
      await t.step(`refuses ${what}, and writes nothing`, async () => {
        await using app = await start();
        await assertRefused(app, backend, request);
      });
    }
    await t.step(
      "does not know other paths, and says so in its dialect",
      async () => {
        await using app = await start();
        await assertUnknownPaths(app, backend);
      },
    );
  });
}

async function assertNamed(name: string, backend: Backend): Promise<void> {
  assertEquals(backend.name, name);
  assertMatch(name, /^[a-z][a-z0-9_]*$/);
  assertMatch(backend.summary, /^[A-Z].*[^.]$/);
  assertEquals(backend.faults, []);
  const folder = new URL(`../../plugins/backends/${name}/`, import.meta.url);
  assert((await Deno.stat(new URL("README.md", folder))).isFile);
}

function assertOwnTables({ name, migrations }: Backend): void {
  const object =
    /\b(?:create|alter|drop)\s+(?:unique\s+)?(?:table|index|trigger|view)\s+(?:if\s+(?:not\s+)?exists\s+)?(\w+)/gi;
  const target = /\b(?:on|into|update|delete\s+from)\s+(\w+)\s*[(\n]/gi;
  // What a backend remembers of its runs follows them by triggers, which see every way in which a run ends.
  const following =
    /\bafter\s+(?:insert|update(?:\s+of\s+[\w,\s]+?)?)\s+on\s+run\b/gi;
  for (const step of migrations) {
    assertMatch(step.name, /^\d{4}_[a-z0-9_]+$/);
    const text = step.sql.replaceAll(following, "");
    const named = [...text.matchAll(object), ...text.matchAll(target)];
    assert(named.length > 0, `${step.name} does nothing`);
    for (const [, table = ""] of named) assertMatch(table, RegExp(`^${name}_`));
  }
}

function quietRoutes(backend: Backend) {
  const loud = () => {
    throw new Error("it did something at its start");
  };
  return backend.routes({
    runs: {
      submit: loud,
      find: loud,
      findByNumber: loud,
      list: loud,
      summaries: loud,
      cancel: loud,
      cancelMany: loud,
      publish: loud,
      lastChange: loud,
      queuePlaces: loud,
      queuePlacesOf: loud,
      events: loud,
      waitForChange: loud,
    },
    logs: { read: loud },
    artifacts: { list: loud, open: loud },
    database: { query: loud, batch: loud, close: loud },
    now: loud,
    fetch: loud,
    log: loud,
    baseUrl: loud,
  });
}

function assertRoutes(
  backend: Backend,
  publicPaths: readonly string[],
): void {
  const router = quietRoutes(backend);
  const documented = router.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route" ? [definition.route] : []
  );
  assert(documented.length > 0, "there are no routes");
  for (const route of documented) {
    const what = `${route.method} ${route.path}`;
    const access = Object.entries(route).find(([key]) => key === permissionKey);
    const isPage = route.tags?.includes("Pages") ?? false;
    const isPublic = route.method === "get" &&
      publicPaths.some((path) =>
        path.endsWith("/*")
          ? route.path.startsWith(path.slice(0, -1))
          : route.path === path
      );
    const maybePublic = route.method === "get" && isPage && backend.isPublic;
    assertMatch(
      String(access?.[1]),
      isPublic
        ? /^public$/
        : maybePublic
        ? /^(public|signed-in|[a-z_]+:[a-z_]+)$/
        : /^(signed-in|[a-z_]+:[a-z_]+)$/,
      `${what} must name a permission in ${permissionKey}`,
    );
    assert(route.summary, `${what} has no summary`);
    assert(
      Object.keys(route.responses).some((status) => /^[23]\d\d$/.test(status)),
      `${what} documents no success`,
    );
    // Pages are for people, who are told in no dialect.
    if (isPage) continue;
    const { prefixes, nativePrefixes = [] } = backend.dialect;
    assert(
      [...prefixes, ...nativePrefixes].some((prefix) =>
        route.path.startsWith(prefix)
      ),
      `${what} lies outside the prefixes of its dialect`,
    );
  }
  const known = new Set(
    documented.map(({ method, path }) =>
      `${method.toUpperCase()} ${
        path.replaceAll(/\{(\w+)(?:\{[^}]+\})?\}/g, ":$1")
      }`
    ),
  );
  for (const { method, path } of router.routes) {
    const isDocumented = known.has(
      `${method} ${path.replaceAll(/\{.+?\}/g, "")}`,
    );
    assert(isDocumented, `${method} ${path} is not declared with guarded()`);
  }
}

function assertOutcomes(backend: Backend): void {
  const ends: readonly End[] = [
    ...Array.from(
      { length: 256 },
      (_, exitCode) => ({ kind: "exited", exitCode }) as const,
    ),
    { kind: "exited", exitCode: 0, facts: { strange: [null, { a: 1 }] } },
    { kind: "timed_out", timeoutSeconds: 30 },
    { kind: "timed_out", timeoutSeconds: 0.5, facts: {} },
    { kind: "cancelled" },
    { kind: "not_started", reason: "there is no such command" },
    { kind: "lost" },
  ];
  for (const end of ends) {
    const outcome = backend.outcome(end);
    const what = `${JSON.stringify(end)} -> ${JSON.stringify(outcome)}`;
    assert(endStates.includes(outcome.state), what);
    assertMatch(outcome.message, /\S/, what);
    assertNotMatch(outcome.message, /undefined|NaN|\[object/, what);
    assertEquals(
      backend.outcome(end),
      outcome,
      "the same end, another outcome",
    );
  }
  const state = (end: End) => backend.outcome(end).state;
  assertEquals(state({ kind: "exited", exitCode: 0 }), "passed");
  assertEquals(state({ kind: "cancelled" }), "aborted");
  assertEquals(state({ kind: "not_started", reason: "x" }), "errored");
  assertEquals(state({ kind: "lost" }), "errored");
}

async function assertTaken(
  app: TestApp,
  backend: Backend,
  request: Request,
): Promise<void> {
  const response = await send(app, request, { user });
  const text = await response.text();
  assert(response.ok, `${response.status}: ${text}`);
  const runs = await stored(app, backend);
  assert(runs.length > 0, "it made no run");
  for (const run of runs) {
    assertEquals(run.labels.backend, backend.name);
    assertEquals(run.owner.name, user);
    assertMatch(run.job, /\S/);
    const { title, facts, links } = backend.describe(run);
    assertMatch(title, /\S/);
    assertNotMatch(
      JSON.stringify({ title, facts, links }),
      /undefined|NaN|\[object/,
    );
  }
}

async function assertSignedIn(
  app: TestApp,
  backend: Backend,
  request: Request,
): Promise<void> {
  const strangers: readonly Parameters<typeof send>[2][] = [
    {},
    { headers: { "test-user": "nobody-999" } },
    { user, role: "viewer" },
  ];
  for (const stranger of strangers) {
    const response = await send(app, request, stranger);
    await response.body?.cancel();
    const what = JSON.stringify(stranger);
    assert([401, 403].includes(response.status), `${what}: ${response.status}`);
    assertEquals(await stored(app, backend), [], what);
  }
}

async function assertRefused(
  app: TestApp,
  backend: Backend,
  request: Request,
): Promise<void> {
  const response = await send(app, request, { user });
  const text = await response.text();
  assert(
    response.status >= 400 && response.status < 500,
    `${response.status}: ${text}`,
  );
  assert(response.status !== 401, "the user is signed in");
  assertMatch(text, /\w/, "nobody is told what to change");
  assertNotMatch(text, /\n\s+at .+:\d+:\d+/, "shows a stack");
  assertEquals(await stored(app, backend), [], "left half a write");
}

async function assertUnknownPaths(
  app: TestApp,
  backend: Backend,
): Promise<void> {
  const [prefix = ""] = backend.dialect.prefixes;
  const path = `${prefix.replace(/\/$/, "")}/no/such/path/here`;
  const response = await app.request(path, { user });
  const text = await response.text();
  assertEquals(response.status, 404);
  assertNotMatch(
    response.headers.get("content-type") ?? "",
    /problem\+json/,
    "the dialect has a form of its own",
  );
  assertMatch(text, /\w/);
  assertStringIncludes(response.headers.get("x-request-id") ?? "", "-");
}

async function send(
  app: TestApp,
  request: Request,
  as: {
    user?: string;
    role?: "viewer";
    headers?: Record<string, string>;
  },
): Promise<Response> {
  const copy = request.clone();
  const { pathname, search } = new URL(copy.url);
  const headers = new Headers(copy.headers);
  for (const [name, value] of Object.entries(as.headers ?? {})) {
    headers.set(name, value);
  }
  const { user, role } = as;
  return await app.request(pathname + search, {
    method: copy.method,
    headers,
    body: copy.body === null ? null : await copy.bytes(),
    ...(user === undefined ? {} : { user }),
    ...(role === undefined ? {} : { role }),
  });
}

async function stored(app: TestApp, backend: Backend): Promise<readonly Run[]> {
  return await app.app.store.runs.list({ backend: backend.name });
}

function label({ method, url }: Request): string {
  const { pathname, search } = new URL(url);
  return `${method} ${pathname}${search}`;
}
