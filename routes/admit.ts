import type { Context, Next } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import type { IdempotencyStore } from "../db/idempotency_store.ts";
import type { Auditor } from "./auditor.ts";
import { carryOutOnce } from "./once.ts";
import type { RateLimiter } from "./rate_limiter.ts";

/**
 * Lets the request of a principal who may make it through: within its rate,
 * and, where it makes something, once per Idempotency-Key.
 */
export async function admit(
  c: Context<AppEnv>,
  access: string,
  next: Next,
  limiter: RateLimiter | null,
  idempotency: IdempotencyStore,
  auditor: Auditor,
): Promise<Response | undefined> {
  const makes = access.endsWith(":create");
  const kind = makes || access.endsWith(":cancel") ? "trigger" : "read";
  const headers = limiter?.admit(c.var.principal, kind) ?? {};
  let response: Response | undefined;
  if (makes) auditor.besideRuns(c);
  if (makes) response = await carryOutOnce(idempotency, c, next);
  else await next();
  // On the answer as it has become: a route may answer with a Response of its own.
  const answer = response ?? c.res;
  for (const [name, value] of Object.entries(headers)) {
    answer.headers.set(name, value);
  }
  return response;
}
