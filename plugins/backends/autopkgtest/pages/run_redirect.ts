import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import { pageHeaders } from "../../../../ui/kit/mod.ts";
import { hasPrefix } from "../data.ts";
import type { Options } from "../options.ts";
import { requireReadable } from "./access.ts";

/**
 * `/packages/PREFIX/PACKAGE/SUITE/ARCH/RUN_ID/`: newer releases of debci have a
 * page of each test there (wire 10). Leads to that of the run.
 *
 * @throws ApiError `not_found`, alike for one that is not there, is private or lies elsewhere.
 */
export async function toRun(
  { runs, options }: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  const { prefix = "", package: name = "", suite, arch, run: id = "" } = c.req
    .param();
  requireReadable(c, options, name);
  const run = /^[1-9]\d{0,14}$/.test(id)
    ? await runs.findByNumber(Number(id))
    : null;
  const isHere = run !== null && !run.isPrivate && run.job === name &&
    hasPrefix(name, prefix) && run.request.suite === suite &&
    run.request.arch === arch;
  if (!isHere) {
    throw new ApiError(
      "not_found",
      `Cannot find test ${id} of ${name} in ${suite} on ${arch}: there is no such public test`,
    );
  }
  return new Response(null, {
    status: 302,
    headers: { ...pageHeaders, location: `/runs/${run.number}` },
  });
}
