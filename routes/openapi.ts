import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import type { Auth } from "../core/auth.ts";
import { guarded, permissionKey } from "../http/guard.ts";
import { version } from "../core/version.ts";

const route = guarded("public", {
  method: "get",
  path: "/openapi.json",
  summary: "This document",
  responses: {
    200: {
      description: "OpenAPI 3.1",
      content: {
        "application/json": { schema: z.record(z.string(), z.unknown()) },
      },
    },
  },
});

/** Adds `GET /openapi.json` to the app, made from the routes that it has. */
export function serveOpenApi(
  app: OpenAPIHono<AppEnv>,
  auths: readonly Auth[],
): void {
  app.openapi(
    route,
    (c) => c.json(openApiDocument(app, auths), 200),
  );
}

/** The OpenAPI 3.1 document of an app; an operation that is not public names every way to sign in. */
export function openApiDocument(
  app: OpenAPIHono<AppEnv>,
  auths: readonly Auth[],
): Record<string, unknown> {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Slipway",
      version,
      description:
        "One front door for CI: Prow's Gangway, Debian's debci, and Slipway's own API.",
      license: { name: "MIT" },
    },
  });
  const security = auths.map((auth) => ({ [auth.name]: [] }));
  const paths = Object.entries(document.paths ?? {}).map((
    [path, operations],
  ) => [
    documentedPath(path),
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [
        method,
        { ...operation, ...(needsPrincipal(operation) ? { security } : {}) },
      ]),
    ),
  ]);
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: {
      ...document.components,
      securitySchemes: Object.fromEntries(
        auths.map((auth) => [auth.name, auth.scheme]),
      ),
    },
  };
}

function needsPrincipal(operation: object): boolean {
  const access = Object.entries(operation).find(([key]) =>
    key === permissionKey
  )?.[1];
  return access !== "public" && access !== "runner";
}

/** A parameter that takes slashes is declared as `{path{.+}}`; the document calls it `{path}`. */
function documentedPath(path: string): string {
  return path.replace(/\{(\w+)\{[^}]+\}\}/g, "{$1}");
}
