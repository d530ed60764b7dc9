import { ApiError } from "../../../core/error.ts";

/**
 * Gangway knows no HEAD, which would do the work of a GET for nothing (gangway 99).
 *
 * @throws ApiError `method_not_allowed`.
 */
export function refuseHead({ method }: Request): void {
  if (method !== "HEAD") return;
  throw new ApiError("method_not_allowed", "Cannot HEAD executions: use GET", {
    headers: { allow: "GET, POST" },
  });
}
