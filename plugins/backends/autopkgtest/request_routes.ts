import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { createRouter } from "../../../http/router.ts";
import { readBatch } from "./batch.ts";
import { requestBatch, requestTest, requestTests } from "./operations.ts";
import type { Options } from "./options.ts";
import { readParams } from "./params.ts";
import { Refusal } from "./refusal.ts";
import type { RejectList } from "./reject_list.ts";
import { writtenReply } from "./reply.ts";
import { submit } from "./submit.ts";
import { checkTarget, readPriority } from "./target.ts";
import { readMany, readSingle } from "./test_request.ts";

/** The routes that request tests (wire 1.4, 1.5, 1.10). All checks come before the one write. */
export function requestRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  const { options } = context;

  app.openapi(requestTest(options.maxUploadBytes), async (c) => {
    const { principal: caller, alongside } = c.var;
    const target = c.req.param();
    checkTarget(target, options);
    const params = await readParams(c.req.raw, options.maxUploadBytes);
    const priority = readPriority(params);
    const rejectList = await openList();
    if (rejectList.isRejected(target)) {
      throw new Refusal(`RejectListed package: ${target.package}\n`);
    }
    const test = readSingle(target.package, params, { options, caller });
    const tests = [{ target, test }];
    const order = { asker: caller, priority, tests, rejectList, alongside };
    const made = await submit(context, order);
    return writtenReply(201, c.req.raw, made, caller);
  });

  app.openapi(requestTests(options.maxUploadBytes), async (c) => {
    const { principal: caller, alongside } = c.var;
    const target = c.req.param();
    checkTarget(target, options);
    const params = await readParams(c.req.raw, options.maxUploadBytes);
    const priority = readPriority(params);
    const tests = readMany(params, { options, caller })
      .map((test) => ({ target, test }));
    const rejectList = await openList();
    const order = { asker: caller, priority, tests, rejectList, alongside };
    const made = await submit(context, order);
    return writtenReply(201, c.req.raw, made, caller);
  });

  app.openapi(requestBatch(options.maxUploadBytes), async (c) => {
    const { principal: caller, alongside } = c.var;
    const params = await readParams(c.req.raw, options.maxUploadBytes);
    const priority = readPriority(params);
    const tests = readBatch(params, { options, caller });
    const rejectList = await openList();
    const order = { asker: caller, priority, tests, rejectList, alongside };
    const made = await submit(context, order);
    return writtenReply(201, c.req.raw, made, caller);
  });
  return app;
}
