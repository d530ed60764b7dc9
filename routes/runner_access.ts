import type { Context, MiddlewareHandler } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError, toApiError } from "../core/error.ts";
import type { Offer } from "../core/label.ts";
import { describeLimits, type Limit } from "../core/limit.ts";
import { allows, type Permission } from "../core/permission.ts";
import { maxJsonBytes } from "../core/protocol.ts";
import type { Runner, RunnerStore } from "../db/runner_store.ts";
import { readInto } from "../http/body.ts";
import { bearer, unknownToken } from "./runner_request.ts";
import { isSameSecret } from "./secret.ts";

/** With the runner that a token belongs to. */
type RunnerEnv = { Variables: AppEnv["Variables"] & { runner: Runner } };

/** What lets a token of an account register runners, as the registration token does. */
export const registerRunners = "runners:register" satisfies Permission;

/** Lets nobody through without a bearer token, so that nothing a stranger sends is looked at. */
export const requireBearer: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (bearer(c) === "") throw unknownToken("token of its own");
  await next();
};

/** Lets those through who hold the registration token or may register runners, and only then their body. */
export function requireRegistration(
  wanted: string | undefined,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set("action", registerRunners);
    if (wanted !== undefined && await isSameSecret(wanted, bearer(c))) {
      c.set("actor", {
        principal: null,
        via: "runner",
        credential: "SLIPWAY_RUNNER_TOKEN",
      });
    } else await requireRegistrant(c, wanted !== undefined);
    return await limitJson(c, next);
  };
}

async function requireRegistrant(
  c: Context<AppEnv>,
  hasToken: boolean,
): Promise<void> {
  const principal = await c.var.authenticate().catch((error) => {
    const refusal = toApiError(error);
    if (refusal.code !== "unauthenticated") throw error;
    throw unknownToken(
      `registration token (SLIPWAY_RUNNER_TOKEN${
        hasToken ? "" : ", and this server has none set"
      }), or one that may ${registerRunners},`,
      refusal.options.known,
    );
  });
  c.set("principal", principal);
  if (allows(principal.permissions, registerRunners)) return;
  throw new ApiError(
    "forbidden",
    `Cannot register a runner as ${principal.kind} "${principal.name}": the permission ${registerRunners} is missing`,
  );
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
 * Holds a new runner to the limits of who registers it.
 *
 * @throws ApiError `forbidden`. Limits to jobs refuse every runner: what it gets is not chosen by job.
 */
export function requireOffersWithin(
  limits: readonly Limit[],
  offers: readonly Offer[],
): void {
  const isWithin = limits.every(({ backends, jobs }) =>
    jobs === undefined &&
    (backends === undefined || offersOnly(offers, backends))
  );
  if (isWithin) return;
  throw new ApiError(
    "forbidden",
    `Cannot register a runner that offers this: the credential is limited to ${
      describeLimits(limits)
    }`,
  );
}

/**
 * Holds a claim to the backends that its runner was registered with.
 *
 * @throws ApiError `forbidden`.
 */
export function requireRegistered(
  runner: Runner,
  offers: readonly Offer[],
): void {
  const backends = runner.offers.flatMap((offer) => offer.backend ?? []);
  if (offersOnly(offers, backends)) return;
  throw new ApiError(
    "forbidden",
    `Cannot claim: this runner is registered for ${
      backends.join(" and ") || "no backend"
    } alone; register another one`,
  );
}

function offersOnly(
  offers: readonly Offer[],
  backends: readonly string[],
): boolean {
  return backends.includes("*") ||
    offers.every(({ backend }) =>
      (backend ?? []).every((name) => backends.includes(name))
    );
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
