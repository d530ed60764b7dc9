import * as z from "zod";
import type { Database } from "../core/database.ts";
import type { Executor } from "../core/executor.ts";
import { systemIds } from "../core/id.ts";
import { silentLog } from "../core/log.ts";
import { dummy as dummyBackend } from "../plugins/backends/dummy/mod.ts";
import { dummy as dummyExecutor } from "../plugins/backends/dummy/executor.ts";
import { Client } from "../runner/client.ts";
import { systemClock } from "../runner/clock.ts";
import { runLoop } from "../runner/loop.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";
import { eventually } from "./eventually.ts";

/** Short ones, so that a lost runner is noticed within a test. */
const intervals = {
  claimWaitSeconds: 1,
  heartbeatSeconds: 0.1,
  leaseSeconds: 2,
  ackSeconds: 2,
  logFlushMs: 10,
};

const runSchema = z.object({
  id: z.string(),
  number: z.number(),
  state: z.string(),
  message: z.string().nullable(),
  attempt: z.number(),
  lostAttempts: z.number(),
  logBytes: z.number(),
});

/** A dummy run as the API shows it. */
export type ShownRun = z.output<typeof runSchema>;

/** What the dummy backend is asked for. */
export type Wish = {
  do: Record<string, unknown>;
  labels?: Record<string, string>;
};

/** A server with the dummy backend, on a real port. */
export type RunnerRig = AsyncDisposable & {
  readonly test: TestApp;
  readonly url: string;
  readonly port: number;
  submit(wish: Wish): Promise<ShownRun>;
  show(id: string): Promise<ShownRun>;
  log(id: string): Promise<string>;
  cancel(id: string): Promise<void>;
  /** Waits for a state. */
  until(id: string, ...states: readonly string[]): Promise<ShownRun>;
  /** Waits until the log holds a text. */
  untilLogged(id: string, text: string): Promise<string>;
};

/** Serves; on the given port and database, it carries on where another server stopped. */
export async function startRig(
  options: { port?: number; database?: Database } = {},
): Promise<RunnerRig> {
  const test = await startTestApp([dummyBackend()], {
    now: Date.now,
    intervals,
    ...(options.database ? { database: options.database } : {}),
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, onListen() {} },
    (request) => test.app.fetch(request),
  );
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await test.request(path, { user: "alice", ...init });
    if (response.ok) return response;
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const asRun = async (response: Response) =>
    runSchema.parse(await response.json());
  const rig: RunnerRig = {
    test,
    port: server.addr.port,
    url: `http://127.0.0.1:${server.addr.port}`,
    submit: async (wish) =>
      asRun(
        await ask("/dummy/v1/runs", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(wish),
        }),
      ),
    show: async (id) => asRun(await ask(`/dummy/v1/runs/${id}`)),
    log: async (id) => (await ask(`/v1/runs/${id}/log`)).text(),
    async cancel(id) {
      const response = await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
      await response.body?.cancel();
    },
    async until(id, ...states) {
      let run = await rig.show(id);
      await eventually(async () => {
        run = await rig.show(id);
        return states.includes(run.state);
      }, `run ${id} does not come to ${states}`).catch((error) => {
        throw new Error(`${error.message}, but is ${run.state}`);
      });
      return run;
    },
    async untilLogged(id, text) {
      let log = "";
      await eventually(async () => {
        log = await rig.log(id);
        return log.includes(text);
      }, `the log does not get to ${text}`);
      return log;
    },
    async [Symbol.asyncDispose]() {
      test.app.close();
      await server.shutdown();
      await test[Symbol.asyncDispose]();
    },
  };
  return rig;
}

/** A runner's loop in this process. */
export type TestRunner = AsyncDisposable & {
  /** Ends with the loop. */
  readonly done: Promise<void>;
  drain(): void;
  shutdown(): void;
};

/** Starts a runner with the dummy executor against a server. Disposing of it shuts it down. */
export function startTestRunner(
  url: string,
  options: {
    fetch?: typeof fetch;
    executors?: readonly Executor[];
    env?: Record<string, string>;
    slots?: number;
    token?: string;
  } = {},
): TestRunner {
  const drain = new AbortController();
  const shutdown = new AbortController();
  const lent = {
    clock: systemClock,
    now: Date.now,
    // Early in every range: quick, and still spread.
    random: () => 0.1 * Math.random(),
    log: silentLog,
  };
  const done = runLoop({
    ...lent,
    client: new Client({
      ...lent,
      serverUrl: url,
      fetch: options.fetch ?? fetch,
    }),
    registrationToken: options.token ?? runnerToken,
    name: "test",
    version: "test",
    uuid: systemIds(Date.now).uuid,
    executors: options.executors ?? [dummyExecutor],
    host: { arch: "amd64", env: options.env ?? {} },
    slots: options.slots ?? 2,
    drain: drain.signal,
    shutdown: shutdown.signal,
  });
  // Whoever awaits it sees a failure; disposing does not raise it again.
  const settled = done.catch(() => {});
  return {
    done,
    drain: () => drain.abort(),
    shutdown: () => shutdown.abort(),
    async [Symbol.asyncDispose]() {
      drain.abort();
      shutdown.abort();
      await settled;
    },
  };
}

/** A network between runner and server whose failures a test decides on. */
export class FaultyNetwork {
  /** Nothing gets through. */
  isCut = false;
  /** Whether to lose the answer to a request that the server has carried out. */
  losesAnswer: (path: string) => boolean = () => false;
  /** Called when the server's answer is there, before the runner gets it. */
  beforeAnswer: (path: string) => Promise<void> | void = () => {};
  /** Paths of the requests that reached the server, with their methods. */
  readonly asked: string[] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname.replace("/runner/v1", "");
    if (this.isCut) throw new TypeError("connection refused");
    this.asked.push(`${init?.method} ${path}`);
    const response = await fetch(input, init);
    const body = await response.arrayBuffer();
    await this.beforeAnswer(path);
    if (this.isCut || this.losesAnswer(path)) {
      throw new TypeError("connection reset");
    }
    return new Response(body.byteLength === 0 ? null : body, {
      status: response.status,
      headers: response.headers,
    });
  };

  count(request: RegExp): number {
    return this.asked.filter((asked) => request.test(asked)).length;
  }
}
