import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import type { Backend } from "../core/backend.ts";
import { runStates } from "../core/run.ts";
import { PageStore } from "../db/page_store.ts";
import type { Store } from "../db/store.ts";
import { permissionKey } from "../http/guard.ts";
import type { Operation, PagesParts } from "../ui/parts.ts";
import type { Changes } from "./changes.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Follower } from "./follower.ts";
import { cancelRun } from "./lent_runs.ts";
import type { Retrier } from "./retrier.ts";

/** What the pages are lent of an app. */
export function lendToPages(
  app: OpenAPIHono<AppEnv>,
  { store, dispatcher, follower, backends, retrier, changes, now }: {
    readonly store: Store;
    readonly dispatcher: Dispatcher;
    readonly follower: Follower;
    readonly backends: readonly Backend[];
    readonly retrier: Retrier;
    readonly changes: Changes;
    readonly now: () => number;
  },
): PagesParts {
  return {
    backends,
    data: new PageStore(store.database, backends.map(({ name }) => name)),
    logs: store.logs,
    artifacts: store.artifacts,
    runs: {
      find: (id) =>
        /^\d{1,15}$/.test(id)
          ? store.runs.findByNumber(Number(id))
          : store.runs.find(id),
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
    },
    changes,
    operations: () => operations(app),
    now,
  };
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
