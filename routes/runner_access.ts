import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { maxJsonBytes } from "../core/protocol.ts";
import type { Runner, RunnerStore } from "../db/runner_store.ts";
import { readInto } from "../http/body.ts";
import { bearer, unknownToken } from "./runner_request.ts";
import { isSameSecret } from "./secret.ts";

/** With the runner that a token belongs to. */
type RunnerEnv = { Variables: AppEnv["Variables"] & { runner: Runner } };

/** Lets nobody through without a bearer token, so that nothing a stranger sends is looked at. */
export const requireBearer: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (bearer(c) === "") throw unknownToken("token of its own");
  await next();
};

/** Lets those through who hold the registration token, and only then their body. */
export function requireRegistration(
  wanted: string | undefined,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const what = "registration token (SLIPWAY_RUNNER_TOKEN)";
    if (wanted === undefined) {
      throw unknownToken(`${what}, and this server has none set`);
    }
    if (!await isSameSecret(wanted, bearer(c))) throw unknownToken(what);
    return await limitJson(c, next);
  };
}

/** Lets registered runners through, and only then their body. */
export function requireRunner(
  runners: RunnerStore,
): MiddlewareHandler<RunnerEnv> {
  return async (c, next) => {
    const runner = await runners.findByToken(bearer(c));
    if (runner === null) throw unknownToken("runner token");
    c.set("runner", runner);
    return await limitJson(c, next);
  };
}

/**
 * Reads a body of JSON, counting while it streams.
 *
 * @throws ApiError `too_large`.
 */
export const limitJson: MiddlewareHandler = async (c, next) => {
  await readInto(c, maxJsonBytes);
  await next();
};
