import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import type { Administration, RunnerFacts } from "../core/administration.ts";
import type { Auth } from "../core/auth.ts";
import type { Backend } from "../core/backend.ts";
import { AccountAdminStore } from "../db/account_admin_store.ts";
import { LoadStore } from "../db/load_store.ts";
import { runStates } from "../core/run.ts";
import { PageStore } from "../db/page_store.ts";
import type { Runner } from "../db/runner_store.ts";
import type { Store } from "../db/store.ts";
import { permissionKey } from "../http/guard.ts";
import type { Operation, PagesParts } from "../ui/parts.ts";
import type { Changes } from "./changes.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Follower } from "./follower.ts";
import { cancelRun } from "./lent_runs.ts";
import type { Retrier } from "./retrier.ts";
import { findWaiting } from "./waiting.ts";
import { runnerState } from "./runners.ts";

/** What the pages are lent of an app. */
export function lendToPages(
  app: OpenAPIHono<AppEnv>,
  {
    store,
    dispatcher,
    follower,
    auth,
    backends,
    retrier,
    baseUrl,
    changes,
    now,
  }: {
    readonly store: Store;
    readonly dispatcher: Dispatcher;
    readonly follower: Follower;
    readonly auth: readonly Auth[];
    readonly backends: readonly Backend[];
    readonly retrier: Retrier;
    readonly baseUrl: (request: Request) => string;
    readonly changes: Changes;
    readonly now: () => number;
  },
): PagesParts {
  return {
    backends,
    data: new PageStore(store.database, backends.map(({ name }) => name)),
    logs: store.logs,
    artifacts: store.artifacts,
    attempts: store.pastAttempts,
    runs: {
      find: (id) =>
        /^\d{1,15}$/.test(id)
          ? store.runs.findByNumber(Number(id))
          : store.runs.find(id),
      waiting: (run) => findWaiting(store, run, now()),
      cancel: (run) => cancelRun(run, store, dispatcher, follower),
      async cancelMany(runs) {
        const groups = Map.groupBy(runs, ({ backend }) => backend);
        const done = await store.attempts.cancelAll(
          [...groups].map(([backend, own]) => ({
            backend,
            ids: own.map(({ id }) => id),
            states: runStates,
            outcome: dispatcher.outcome(backend, { kind: "cancelled" }),
          })),
        );
        for (const id of done) follower.changed(id);
        return runs.filter(({ id }) => done.has(id));
      },
      findMany: (numbers) => store.runs.findMany(numbers),
      waitForChange: (run, waitMs, gone) =>
        follower.waitForChange(run, waitMs, gone),
      canRetry: ({ backend }) => retrier.knows(backend),
      planRetry: (run, asker) => retrier.plan(run, asker),
      retry: (retries, asker, alongside) =>
        retrier.carryOut(retries, asker, alongside),
      async publish(run, asker) {
        await store.runs.publish(run.backend, asker, [run.number]);
        follower.changed(run.id);
      },
    },
    admin: lendAdministration(store, auth, backends, now),
    changes,
    operations: () => operations(app),
    baseUrl,
    giveWay: () => new Promise((resolve) => setTimeout(resolve, 0)),
    ownedGroups: async (user) => {
      const ids = await store.groups.ownedBy(user);
      const found = await Promise.all(
        ids.map((id) => store.accounts.find(id)),
      );
      return found.filter((group) => group !== null)
        .toSorted((a, b) => a.name < b.name ? -1 : 1);
    },
    now,
  };
}

function lendAdministration(
  store: Store,
  auth: readonly Auth[],
  backends: readonly Backend[],
  now: () => number,
): Administration {
  const { database, groups, runners, audit } = store;
  const names = backends.map(({ name }) => name);
  return {
    accounts: new AccountAdminStore(store, names, now),
    groups,
    runners: {
      list: async (since, limit) =>
        (await runners.list(since, limit)).map(toFacts),
      find: async (id) => {
        const runner = await runners.find(id);
        return runner && toFacts(runner);
      },
      change: async (id, change) => {
        const runner = await runners[change](id);
        return runner && toFacts(runner);
      },
    },
    load: new LoadStore(database),
    audit,
    holdings: async (account) => {
      const all = await Promise.all(
        auth.map((each) => each.holding(account, { database, now })),
      );
      return all.filter((each) => each !== null).filter(({ count }) =>
        count > 0
      );
    },
  };
}

function toFacts(runner: Runner): RunnerFacts {
  const { id, name, offers, version, registeredAt, seenAt } = runner;
  const state = runnerState(runner);
  return { id, name, offers, version, state, registeredAt, seenAt };
}

/** Every operation of the app but the pages themselves. */
function operations(app: OpenAPIHono<AppEnv>): Operation[] {
  return app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route") return [];
    const { method, path, summary, tags } = definition.route;
    if (tags?.includes("Pages")) return [];
    const access = Object.entries(definition.route).find(([key]) =>
      key === permissionKey
    )?.[1];
    return [{
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\{[^}]+\}\}/g, "{$1}"),
      summary: summary ?? "",
      access: String(access),
    }];
  });
}
