import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, HonoRequest } from "hono";
import { HTTPException } from "hono/http-exception";
import type { AppEnv } from "../core/app_env.ts";
import type { Dialect } from "../core/backend.ts";
import { ApiError, toApiError } from "../core/error.ts";
import { problem } from "../http/problem.ts";

/** The refusal in the caller's dialect, with the headers that every answer has. */
export function refusal(
  error: ApiError,
  c: Context<AppEnv>,
  dialect: Dialect | null,
): Response {
  const response = dialect === null
    ? problem(error, c.var.requestId)
    : dialect.refuse(error, c.req.raw, c.get("principal") ?? null);
  response.headers.set("x-request-id", c.var.requestId);
  // A refused caller is told so by no cache, and nobody else in its place.
  if (error.status === 401 || error.status === 403) {
    if (!response.headers.has("cache-control")) {
      response.headers.set("cache-control", "private, no-store");
    }
  }
  return response;
}

/** The refusal of a request whose URL cannot be read: no route and no dialect can be told from it. */
export function unreadableUrl(requestId: string): Response {
  const response = problem(
    new ApiError(
      "invalid",
      "Cannot read the request: its Host or path is not a valid URL",
    ),
    requestId,
  );
  response.headers.set("x-request-id", requestId);
  return response;
}

/** 405 where the path has other methods, else 404. */
export function unknownPath(
  app: OpenAPIHono<AppEnv>,
  { method, path: pathname }: HonoRequest,
): ApiError {
  const methods = new Set(
    app.openAPIRegistry.definitions.flatMap((definition) =>
      definition.type === "route" &&
        toPattern(definition.route.path).test(pathname)
        ? [definition.route.method.toUpperCase()]
        : []
    ),
  );
  if (methods.size === 0) {
    return new ApiError(
      "not_found",
      `Cannot find ${pathname}: see /openapi.json for the paths that there are`,
    );
  }
  if (methods.has("GET")) methods.add("HEAD");
  const allow = [...methods].sort().join(", ");
  return new ApiError(
    "method_not_allowed",
    `Cannot ${method} ${pathname}: use ${allow}`,
    {
      headers: { allow },
    },
  );
}

/** `/v1/runs/{id}` as a regular expression. */
function toPattern(path: string): RegExp {
  const parts = path.split("/").map((part) =>
    /^\{\w+\{.+\}\}$/.test(part)
      ? ".+"
      : /^\{.+\}$/.test(part)
      ? "[^/]+"
      : RegExp.escape(part)
  );
  return new RegExp(`^${parts.join("/")}$`);
}

/** Any thrown value as a refusal; the framework's own complaints are about the request's body. */
export function fromThrown(error: unknown): ApiError {
  if (!(error instanceof HTTPException)) return toApiError(error);
  const detail = error.message === ""
    ? "its body is not as declared"
    : error.message;
  const code = error.status === 415
    ? "unsupported_media_type"
    : error.status === 413
    ? "too_large"
    : "invalid";
  return new ApiError(code, `Cannot read the request: ${detail}`, {
    cause: error,
  });
}
