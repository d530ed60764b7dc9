import { assertEquals } from "@std/assert";
import * as z from "zod";
import type { Backend } from "../core/backend.ts";
import type { ReportedEnd } from "../core/protocol.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

/** What is asked for of one test. */
export type Asked = {
  readonly package: string;
  readonly suite?: string;
  readonly arch?: string;
  readonly user?: string;
  readonly isPrivate?: boolean;
  readonly pins?: readonly (readonly string[])[];
};

/** How it is to end. */
export type Ending = {
  readonly exitCode?: number;
  readonly end?: ReportedEnd;
  readonly version?: string;
  readonly log?: string;
  /** By name; left behind before the end. */
  readonly files?: Readonly<Record<string, BodyInit>>;
};

/** A result as debci's clients read it. */
export const resultSchema = z.looseObject({
  run_id: z.number(),
  package: z.string(),
  status: z.string().nullable(),
  version: z.string().nullable(),
  previous_status: z.string().nullable(),
  last_pass_date: z.string().nullable(),
  last_pass_version: z.string().nullable(),
  date: z.string().nullable(),
  worker_id: z.number().nullable(),
  log_size: z.number().nullable(),
  artifacts_size: z.number().nullable(),
});

const listing = z.object({
  until: z.number(),
  results: z.array(resultSchema),
});

/** A server that speaks debci's dialect, and a runner that does as a test says. */
export type DebciRig = AsyncDisposable & {
  readonly app: TestApp;
  /** Requests one test; its number. */
  ask(asked: Asked): Promise<number>;
  /** Ends the test that has waited longest. */
  end(ending?: Ending): Promise<void>;
  /** Requests and ends; the clock goes on a minute first. */
  run(asked: Asked, ending?: Ending): Promise<number>;
  /** Makes a test public, as its owner. */
  publish(number: number): Promise<void>;
  list(query?: string, user?: string): Promise<z.output<typeof listing>>;
  /** The body of a GET that must be answered with the status. */
  text(path: string, status?: number, user?: string): Promise<string>;
};

const assignment = z.object({
  run: z.object({ id: z.string(), number: z.number() }),
  attemptToken: z.string(),
});
const offers = [{
  backend: ["autopkgtest"],
  arch: ["*"],
  suite: ["*"],
  testbed: ["*"],
}];

/** Starts it. */
export async function startDebci(
  options: Parameters<typeof autopkgtest>[0] = {},
  parts: Parameters<typeof startTestApp>[1] = {},
  others: readonly Backend[] = [],
): Promise<DebciRig> {
  const app = await startTestApp([
    // One attempt each, so that a temporary failure is a result too.
    autopkgtest({ retryDelaysSeconds: [], ...options }),
    ...others,
  ], parts);
  const runner = await register(app, "worker-1");
  const rig: DebciRig = {
    app,
    async ask(asked) {
      const { suite = "unstable", arch = "amd64", user = "alice" } = asked;
      const test = {
        package: asked.package,
        is_private: asked.isPrivate ?? false,
        "pin-packages": asked.pins ?? [],
      };
      const response = await app.request(`/api/v1/test/${suite}/${arch}`, {
        user,
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams({ tests: JSON.stringify([test]) }),
      });
      const { run_ids } = z.object({ run_ids: z.array(z.number()) })
        .parse(await response.json());
      return run_ids[0] ?? 0;
    },
    end: (ending = {}) => finishNext(app, runner, ending),
    async run(asked, ending) {
      app.advance(60_000);
      const number = await rig.ask(asked);
      await rig.end(ending);
      return number;
    },
    async publish(number) {
      const { runs } = app.app.store;
      const owner = (await runs.findByNumber(number))?.owner;
      if (owner) {
        await runs.publish("autopkgtest", { ...owner, limits: [] }, [number]);
      }
    },
    async list(query = "", user = "alice") {
      const response = await app.request(`/api/v1/test${query}`, { user });
      return listing.parse(await response.json());
    },
    async text(path, status = 200, user) {
      const response = await app.request(
        path,
        user === undefined ? {} : { user },
      );
      const text = await response.text();
      assertEquals(response.status, status, `${path}: ${text}`);
      return text;
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
  return rig;
}

/** Registers a runner; gives its token. */
export async function register(app: TestApp, name: string): Promise<string> {
  const response = await send(app, "POST", "/register", runnerToken, {
    name,
    version: "0",
    offers,
  });
  return z.object({ token: z.string() }).parse(await response.json()).token;
}

async function finishNext(
  app: TestApp,
  runner: string,
  ending: Ending,
): Promise<void> {
  const { exitCode = 0, version = "1.0-1", log = "a log\n" } = ending;
  const claimId = crypto.randomUUID();
  const claim = { claimId, offers, waitSeconds: 0 };
  const answer = await send(app, "POST", "/claim", runner, claim);
  assertEquals(answer.status, 200, "no test waits");
  const { run, attemptToken } = assignment.parse(await answer.json());
  const call = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ) => {
    const to = `/runs/${run.id}${path}`;
    const response = await send(app, method, to, attemptToken, body, headers);
    assertEquals(response.ok, true, `${path}: ${await response.text()}`);
  };
  await call("POST", "/start", {});
  app.advance(12_000);
  const bytes = new TextEncoder().encode(log);
  if (log !== "") {
    await call("PATCH", "/log", bytes, {
      "content-range": `bytes 0-${bytes.length - 1}/*`,
    });
  }
  for (const [name, content] of Object.entries(ending.files ?? {})) {
    const path = `/artifacts?path=${encodeURIComponent(name)}`;
    const headers = { "content-type": "application/octet-stream" };
    await call("PUT", path, new Blob([await blobPart(content)]), headers);
  }
  const end = ending.end ?? { kind: "exited", exitCode, facts: { version } };
  await call("PUT", "/result", { end, logBytes: bytes.length });
}

function blobPart(content: BodyInit): Promise<ArrayBuffer> {
  return new Response(content).arrayBuffer();
}

async function send(
  app: TestApp,
  method: string,
  path: string,
  token: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await app.request(`/runner/v1${path}`, {
    method,
    body: body instanceof Blob || body instanceof Uint8Array
      ? new Blob([body instanceof Blob ? body : new Uint8Array(body)])
      : JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      ...headers,
      authorization: `Bearer ${token}`,
    },
  });
}
