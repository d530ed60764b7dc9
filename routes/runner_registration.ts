import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import type { Ids } from "../core/id.ts";
import type { Registration } from "../core/protocol.ts";
import type { RunnerStore } from "../db/runner_store.ts";
import { createRouter } from "../http/router.ts";
import {
  requireOffersWithin,
  requireRegistration,
  requireRunner,
} from "./runner_access.ts";
import { register, renew } from "./runner_operations.ts";
import { bearer } from "./runner_request.ts";

/** Where runners get their tokens. */
export function registrationRoutes(
  { runners, ids, intervals, registrationToken }: {
    readonly runners: RunnerStore;
    readonly ids: Ids;
    readonly intervals: Registration["intervals"];
    readonly registrationToken: string | undefined;
  },
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const newToken = () => `slipway_runner_${ids.secret()}`;

  const registering = requireRegistration(registrationToken);
  router.openapi({ ...register, middleware: registering }, async (c) => {
    const { name, offers, version } = c.req.valid("json");
    requireOffersWithin(c.get("principal")?.limits ?? [], offers);
    const [runnerId, token] = [ids.uuid(), newToken()];
    await runners.register({ id: runnerId, name, offers, version, token });
    c.set("targets", [runnerId]);
    return c.json({ runnerId, token, intervals }, 200);
  });

  const known = requireRunner(runners);
  router.openapi({ ...renew, middleware: known }, async (c) => {
    const { id } = c.var.runner;
    c.set("action", "runners:renew");
    c.set("actor", { principal: null, via: "runner", credential: id });
    c.set("targets", [id]);
    const token = newToken();
    await runners.renew(id, bearer(c), token);
    return c.json({ token }, 200);
  });

  return router;
}
