import type { ApiError } from "../../core/error.ts";

/** A refusal as GitHub writes it. */
export function refuse(error: ApiError): Response {
  return Response.json(
    {
      message: error.message,
      documentation_url: "https://docs.github.com/rest",
      status: String(error.status),
    },
    { status: error.status, headers: error.options.headers ?? {} },
  );
}
