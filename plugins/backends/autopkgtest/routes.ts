import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Alongside, AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import type { Principal } from "../../../core/principal.ts";
import { createRouter } from "../../../http/router.ts";
import {
  checkAuth,
  listTests,
  requestTest,
  requestTests,
} from "./operations.ts";
import type { Options } from "./options.ts";
import { ensurePackageIds } from "./package_id.ts";
import { queryParams, readParams } from "./params.ts";
import { createdReply, jsonReply, textReply } from "./reply.ts";
import { toSubmission } from "./submission.ts";
import { checkTarget, readPriority, readSince, type Target } from "./target.ts";
import { readMany, readSingle, type TestRequest } from "./test_request.ts";
import { toTestResults } from "./test_result.ts";

/** debci's routes (wire 1.2). All checks come before the one write. */
export function createRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { options, runs } = context;
  const app = createRouter();

  app.openapi(checkAuth, (c) => textReply(200, "", c.var.principal));

  app.openapi(requestTest(options.maxUploadBytes), async (c) => {
    const caller = c.var.principal;
    const target = c.req.param();
    checkTarget(target, options);
    const params = await readParams(c.req.raw, options.maxUploadBytes);
    const priority = readPriority(params);
    const test = readSingle(target.package, params, { options, caller });
    const { alongside } = c.var;
    const batch = { caller, target, priority, tests: [test], alongside };
    return createdReply(c.req.raw, await submit(context, batch), caller);
  });

  app.openapi(requestTests(options.maxUploadBytes), async (c) => {
    const caller = c.var.principal;
    const target = c.req.param();
    checkTarget(target, options);
    const params = await readParams(c.req.raw, options.maxUploadBytes);
    const priority = readPriority(params);
    const tests = readMany(params, { options, caller });
    const { alongside } = c.var;
    const batch = { caller, target, priority, tests, alongside };
    return createdReply(c.req.raw, await submit(context, batch), caller);
  });

  app.openapi(listTests, async (c) => {
    const caller = c.var.principal;
    const since = readSince(queryParams(c.req.raw));
    const own = await runs.list({
      owner: caller.account,
      reader: caller,
      order: "changed",
      ...(since === null ? {} : { updatedSince: since }),
    });
    return jsonReply(200, toTestResults(own), caller);
  });

  return app;
}

/** Stores all tests or none; the numbers of the runs come back in the order of the tests. */
async function submit(
  { runs, database, options }: BackendContext<Options>,
  batch: {
    readonly caller: Principal;
    readonly target: Target;
    readonly priority: number;
    readonly tests: readonly TestRequest[];
    readonly alongside: Alongside | undefined;
  },
): Promise<number[]> {
  const { caller, target, priority, tests } = batch;
  if (tests.length === 0) return [];
  const names = tests.map((test) => test.package);
  const packageIds = await ensurePackageIds(database, names);
  const submissions = tests.map((test) =>
    toSubmission(test, { ...target, priority, packageIds }, options)
  );
  const made = await runs.submit(caller, submissions, {
    alongside: batch.alongside,
  });
  return made.map((run) => run.number);
}
