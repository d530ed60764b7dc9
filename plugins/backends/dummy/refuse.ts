import type { ApiError } from "../../../core/error.ts";

/** A refusal as `{"error": {"code", "message"}}`. */
export function refuse(error: ApiError): Response {
  return Response.json(
    { error: { code: error.code, message: error.message } },
    { status: error.status, headers: error.options.headers ?? {} },
  );
}
