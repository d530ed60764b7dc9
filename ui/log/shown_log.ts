import type { Context } from "hono";
import type { AppEnv } from "../../core/app_env.ts";
import { type Attempt, withAttempt } from "../../core/attempt.ts";
import { ApiError } from "../../core/error.ts";
import { isEnd, type Run } from "../../core/run.ts";
import type { PagesParts } from "../parts.ts";
import { findReadable } from "../scope.ts";

/** The attempt of a run that a page shows the log and the files of. */
export type ShownLog = {
  /** As it stood with that attempt. */
  readonly run: Run;
  /** The number of an earlier attempt; null for the latest. */
  readonly earlier: number | null;
};

type Query = Readonly<Record<string, string | number | null | undefined>>;

/**
 * The run that the path names with the attempt that the query names, the latest by default.
 *
 * @throws ApiError as `findReadable` and `toShownLog`.
 */
export async function findShownLog(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<ShownLog> {
  const run = await findReadable(parts, c);
  const asked = c.req.query("attempt");
  const attempts = asked === undefined ? [] : await parts.attempts.of(run);
  return toShownLog(run, attempts, asked);
}

/**
 * A run with the attempt that is asked for, of all that it had.
 *
 * @throws ApiError `not_found` for an attempt that there is not.
 */
export function toShownLog(
  run: Run,
  attempts: readonly Attempt[],
  asked: string | undefined,
): ShownLog {
  if (asked === undefined || asked === String(run.attempt)) {
    return { run, earlier: null };
  }
  const attempt = attempts.find(({ number }) => String(number) === asked);
  if (attempt !== undefined) {
    return { run: withAttempt(run, attempt), earlier: attempt.number };
  }
  throw new ApiError(
    "not_found",
    `Cannot find the attempt: run ${run.number} has had ${attempts.length}`,
  );
}

/** Whether the log may still grow. */
export function mayGrow({ run, earlier }: ShownLog): boolean {
  return earlier === null && !isEnd(run.state);
}

/** The run's page with this log. */
export function pagePath(shown: ShownLog, query: Query, hash = ""): string {
  return toPath(shown, "", query) + hash;
}

/** A route on this log: `/lines`, or the file itself. */
export function logPath(
  shown: ShownLog,
  rest = "",
  query: Query = {},
): string {
  return toPath(shown, `/log${rest}`, query);
}

/** One of the attempt's files. */
export function filePath(shown: ShownLog, path: string): string {
  const parts = path.split("/").map(encodeURIComponent).join("/");
  return toPath(shown, `/files/${parts}`, {});
}

function toPath({ run, earlier }: ShownLog, rest: string, query: Query) {
  const given = Object.entries({ attempt: earlier, ...query })
    .flatMap(([name, value]): [string, string][] =>
      value === null || value === undefined ? [] : [[name, String(value)]]
    );
  const path = `/runs/${run.number}${rest}`;
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
