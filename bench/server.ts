/**
 * The server that the benchmarks ask, in a process of its own, so that asking
 * and answering do not share an event loop: the app with the plugins of
 * `slipway.config.ts`, on a database that is made, filled and taken away again.
 *
 * Its argument is a plan, its one line of output a report (`target.ts`). It
 * ends on SIGTERM, or when its standard input does.
 *
 * @module
 */
import { jsonLog } from "../core/log.ts";
import type { RatePolicy } from "../core/rate.ts";
import { readSettings } from "../core/settings.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { generateSigningKey } from "../plugins/auth/bearer/signing_key.ts";
import { createApp, migrationSources } from "../routes/app.ts";
import { print, tell } from "../scripts/script.ts";
import configure from "../slipway.config.ts";
import { startSqld } from "../tests/sqld.ts";
import { fillStore } from "./fixture.ts";
import { knownCaller } from "./known_caller.ts";
import { answerBarely } from "./floor.ts";
import { planSchema } from "./target.ts";

/** Longer than any benchmark: what is claimed and left is not put back into its queue. */
const ackSeconds = 24 * 3600;

/** Requests are counted, as ever, but the few credentials here are never refused. */
const unlimited: RatePolicy = { requests: 1e9, windowSeconds: 1 };

const ended = untilEnd();
const plan = planSchema.parse(JSON.parse(Deno.args[0] ?? ""));
await using held = new AsyncDisposableStack();

const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
held.defer(() => Deno.remove(directory, { recursive: true }));
const settings = readSettings({
  SLIPWAY_DATA: directory,
  SLIPWAY_SIGNING_KEY: await generateSigningKey(),
  SLIPWAY_RUNNER_TOKEN: crypto.randomUUID(),
  DATABASE_URL: plan.database === "sqld"
    ? held.use(await startSqld()).url
    : undefined,
});
const database = openDatabase(settings);
held.defer(() => database.close());
const configured = configure(settings);
const plugins = {
  ...configured,
  auth: [...configured.auth, knownCaller()],
  rates: { read: unlimited, trigger: unlimited },
};
await migrate(database, migrationSources(plugins), Date.now);
const { signingKey = "", runnerToken = "" } = settings;
const app = createApp({
  plugins,
  database,
  runnerToken,
  now: Date.now,
  fetch: globalThis.fetch,
  log: jsonLog(Date.now, tell),
  intervals: { ackSeconds },
});
const fixture = await fillStore(app, {
  fill: plan.fill,
  signingKey,
  registrationToken: runnerToken,
});

const server = listen(app.fetch);
const floor = listen(answerBarely);
held.defer(async () => {
  app.close();
  await Promise.all([server.shutdown(), floor.shutdown()]);
});
print(JSON.stringify({
  port: server.addr.port,
  floorPort: floor.addr.port,
  fixture,
}));
await ended;

function listen(answer: (request: Request) => Promise<Response>) {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    answer,
  );
}

function untilEnd(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => resolve());
  }
  void Array.fromAsync(Deno.stdin.readable).then(() => resolve());
  return promise;
}
