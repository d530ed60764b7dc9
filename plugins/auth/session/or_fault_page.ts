import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { ApiError } from "../../../core/error.ts";
import type { Log } from "../../../core/log.ts";
import { answerFault } from "./sign_in_page.tsx";

/** Answers refusals as pages. Those with a cause are logged: people are told what to do, operators why. */
export async function orFaultPage(
  c: Context<AppEnv>,
  log: Log,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { cause } = error.options;
    if (cause !== undefined) {
      const level = error.status >= 500 ? "error" : "info";
      log(level, error.message, { cause: String(cause) });
    }
    return answerFault(c, error);
  }
}
