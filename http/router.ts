import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";

/** A router whose validation failures become refusals that name each fault. */
export function createRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const whole = result.target === "json" ? "body" : result.target;
      const faults = result.error.issues.map((issue) =>
        `${issue.path.join(".") || whole}: ${issue.message}`
      );
      throw new ApiError(
        "invalid",
        `Cannot read the request: ${faults.join("; ")}`,
      );
    },
  });
}
