import { STATUS_TEXT } from "@std/http/status";
import type { ApiError } from "../core/error.ts";

/** A refusal in the native form: `application/problem+json` (RFC 9457) with the code as an extension. */
export function problem(error: ApiError, requestId: string): Response {
  const body = {
    type: "about:blank",
    title: STATUS_TEXT[error.status] ?? "Error",
    status: error.status,
    detail: error.message,
    code: error.code,
    requestId,
  };
  return new Response(JSON.stringify(body) + "\n", {
    status: error.status,
    headers: {
      "content-type": "application/problem+json",
      ...error.options.headers,
    },
  });
}
