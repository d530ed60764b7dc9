import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import {
  artifactPathFault,
  maxArtifactBytes,
  maxArtifacts,
} from "../core/artifact.ts";
import type { BlobStore } from "../core/blob.ts";
import { ApiError } from "../core/error.ts";
import type { Ids } from "../core/id.ts";
import {
  type Assignment,
  type Lease,
  maxLogBytes,
  maxLogChunkBytes,
  type Registration,
} from "../core/protocol.ts";
import type { Run } from "../core/run.ts";
import type { Fence } from "../db/attempt_store.ts";
import type { Store } from "../db/store.ts";
import { readBytes, unstalled } from "../http/body.ts";
import { createRouter } from "../http/router.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Follower } from "./follower.ts";
import {
  appendLog,
  claim,
  heartbeat,
  keepArtifact,
  release,
  result,
  start,
} from "./runner_operations.ts";
import { registrationRoutes } from "./runner_registration.ts";
import {
  limitJson,
  requireBearer,
  requireRegistered,
  requireRunner,
} from "./runner_access.ts";
import {
  fence,
  readDigest,
  readOffset,
  staleAttempt,
} from "./runner_request.ts";

/** What the runner protocol works with. */
export type RunnerProtocol = {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly follower: Follower;
  readonly ids: Ids;
  /** With it runners register; without one none can. */
  readonly registrationToken: string | undefined;
  readonly intervals: Registration["intervals"];
  readonly baseUrl: (request: Request) => string;
  readonly now: () => number;
  readonly blobs: BlobStore | null;
};

/** The routes that runners use. */
export function runnerRoutes(protocol: RunnerProtocol): OpenAPIHono<AppEnv> {
  const { store, dispatcher, follower, ids, intervals } = protocol;
  const lease = (run: Run | null) =>
    toLease(run, protocol.now() + intervals.leaseSeconds * 1000);
  const router = createRouter();

  /** What somebody wants to be cancelled is not queued again. */
  const endCancelled = async (attempt: Fence) => {
    const run = await store.attempts.find(attempt);
    if (run === null || run.cancelRequestedAt === null) throw staleAttempt();
    const end = { kind: "cancelled" } as const;
    await store.attempts.finish(
      attempt,
      end,
      dispatcher.outcome(run.backend, end),
    );
  };

  router.use("/runner/v1/*", requireBearer);

  // Whatever a runner says of a run is a change to those who follow it.
  router.use("/runner/v1/runs/:id/*", async (c, next) => {
    await next();
    follower.changed(c.req.param("id"));
  });

  router.route(
    "/",
    registrationRoutes({ ...protocol, runners: store.runners }),
  );

  const claiming = requireRunner(store.runners);
  router.openapi({ ...claim, middleware: claiming }, async (c) => {
    const { runner } = c.var;
    await store.runners.touch(runner);
    const { claimId, offers: claimed, waitSeconds } = c.req.valid("json");
    requireRegistered(runner, claimed);
    // Without offers it waits all the same, and a claim whose answer was lost is answered again.
    const offers = runner.pausedAt === null ? claimed : [];
    const attemptToken = `slipway_attempt_${ids.secret()}`;
    const run = await dispatcher.claim(
      { runnerId: runner.id, claimId, offers, attemptToken },
      waitSeconds * 1000,
      c.req.raw.signal,
    );
    if (run === null) return c.body(null, 204);
    follower.changed(run.id);
    return c.json(
      toAssignment(run, attemptToken, protocol.baseUrl(c.req.raw)),
      200,
    );
  });

  router.openapi(
    start,
    async (c) => c.json(lease(await store.attempts.start(fence(c))), 200),
  );
  router.openapi(
    heartbeat,
    async (c) => c.json(lease(await store.attempts.heartbeat(fence(c))), 200),
  );

  router.openapi(appendLog, async (c) => {
    const offset = readOffset(c.req.header("content-range"));
    const bytes = await readBytes(c.req.raw, maxLogChunkBytes);
    if (bytes.byteLength !== offset.length) {
      throw new ApiError(
        "invalid",
        "Cannot append to the log: Content-Range and the body differ in length",
      );
    }
    if (offset.start + bytes.byteLength > maxLogBytes) {
      throw new ApiError(
        "too_large",
        `Cannot append to the log: it would be larger than ${maxLogBytes} bytes`,
      );
    }
    const appended = await store.logs.append(fence(c), offset.start, bytes);
    switch (appended.kind) {
      case "stored":
      case "repeated":
        return c.json(lease(await store.attempts.find(fence(c))), 202);
      case "wrong_offset":
        throw new ApiError(
          "wrong_offset",
          `Cannot append to the log: it ends at byte ${appended.logBytes}`,
          {
            headers: appended.logBytes === 0
              ? {}
              : { range: `bytes=0-${appended.logBytes - 1}` },
          },
        );
      case "differs":
        throw new ApiError(
          "conflict",
          "Cannot append to the log: other bytes are stored there already",
        );
      case "stale_attempt":
        throw staleAttempt();
      default:
        return appended satisfies never;
    }
  });

  router.openapi({ ...result, middleware: limitJson }, async (c) => {
    const { end, logBytes } = c.req.valid("json");
    const run = await store.attempts.find(fence(c));
    if (run !== null && run.logBytes !== logBytes) {
      throw new ApiError(
        "log_incomplete",
        `Cannot end the run: ${run.logBytes} of ${logBytes} bytes of log are here`,
        {
          headers: run.logBytes === 0
            ? {}
            : { range: `bytes=0-${run.logBytes - 1}` },
        },
      );
    }
    const backend = run?.backend ??
      (await store.runs.find(c.req.valid("param").id))?.backend ?? "";
    const ended = await store.attempts.finish(
      fence(c),
      end,
      dispatcher.outcome(backend, end),
    );
    if (ended === null) throw staleAttempt();
    return c.json({}, 200);
  });

  router.openapi(keepArtifact, async (c) => {
    const { path } = c.req.valid("query");
    const fault = artifactPathFault(path);
    if (fault !== null) {
      throw new ApiError(
        "invalid",
        `Cannot keep the file: its path is not one; ${fault}`,
      );
    }
    // No repetition would help, so the runner is not told to try again.
    if (protocol.blobs === null) {
      throw new ApiError(
        "unprocessable",
        "Cannot keep the file: this server has no store for files",
      );
    }
    // Looked at first, so that a stale attempt sends no gigabyte in vain.
    lease(await store.attempts.heartbeat(fence(c)));
    const sha256 = readDigest(c.req.header("content-digest"));
    const blob = await protocol.blobs.put(
      unstalled(c.req.raw.body ?? new Blob().stream()),
      {
        maxBytes: maxArtifactBytes,
        ...(sha256 === undefined ? {} : { sha256 }),
      },
    );
    const contentType = c.req.header("content-type") ??
      "application/octet-stream";
    const kept = await store.artifacts.keep(fence(c), {
      path,
      contentType,
      ...blob,
    });
    switch (kept.kind) {
      case "kept":
        return c.json({}, 200);
      case "differs":
        throw new ApiError(
          "conflict",
          `Cannot keep the file: another one is kept as ${path} already`,
        );
      case "too_many":
        throw new ApiError(
          "too_large",
          `Cannot keep the file: an attempt may have at most ${maxArtifacts}`,
        );
      case "stale_attempt":
        throw staleAttempt();
      default:
        return kept satisfies never;
    }
  });

  router.openapi(release, async (c) => {
    const run = await store.attempts.release(fence(c));
    if (run === null) await endCancelled(fence(c));
    else dispatcher.wake([run.labels]);
    return c.json({}, 200);
  });

  return router;
}

function toLease(run: Run | null, leaseUntil: number): Lease {
  if (run === null) throw staleAttempt();
  return { leaseUntil, cancel: run.cancelRequestedAt !== null };
}

function toAssignment(
  run: Run,
  attemptToken: string,
  serverUrl: string,
): Assignment {
  const { id, number, attempt, backend, job } = run;
  return {
    run: { id, number, attempt, backend, job },
    labels: run.labels,
    task: run.task,
    attemptToken,
    serverUrl,
  };
}
