import * as z from "zod";
import type { Auth } from "../core/auth.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import basic from "../plugins/auth/basic/mod.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import session from "../plugins/auth/session/mod.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        "x-permission": z.string().optional(),
        security: z.array(z.unknown()).optional(),
      }),
    ),
  ),
});

/** One operation of an app. */
export type Operation = {
  readonly method: string;
  /** With something in the place of each parameter. */
  readonly path: string;
  /** As it is documented, or declared where it is not. */
  readonly template: string;
  /** Undefined for an operation that the document does not name. */
  readonly access: string | undefined;
};

/** What a path's check lets through, so that what comes after it is reached. */
const samples: ReadonlyMap<string, string> = new Map([
  ["suite", "unstable"],
  ["arch", "amd64"],
  ["package", "foo"],
]);

function sampleOf(name: string): string {
  return samples.get(name) ?? "0";
}

/** Every operation of the running app, documented or not, with the access that its OpenAPI document names. */
export async function operations(test: TestApp): Promise<Operation[]> {
  const { paths } = documentSchema.parse(
    await (await test.request("/openapi.json")).json(),
  );
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{([^}]+)\}/g, (_, name) => sampleOf(name)),
      template: path,
      access: operation["x-permission"],
    }))
  );
  const byKey = new Map<string, Operation>();
  for (const { method, path } of test.app.routes) {
    // Middleware answers no request by itself.
    if (method === "ALL") continue;
    const operation = {
      method,
      path: path.replaceAll(/:(\w+)(\{[^}]+\})?/g, (_, name) => sampleOf(name)),
      template: path,
      access: undefined,
    };
    byKey.set(`${method} ${operation.path}`, operation);
  }
  for (const each of documented) byKey.set(`${each.method} ${each.path}`, each);
  return [...byKey.values()];
}

/** An app with all backends and every way to sign in that has routes: the whole API. */
export function startWhole(
  auth: readonly Auth[] = [],
  options?: Parameters<typeof autopkgtest>[0],
): Promise<TestApp> {
  const known = new Set(auth.map(({ name }) => name));
  const others = [bearer(), authKey(), basic(), session()];
  return startTestApp([dummy(), prow(), autopkgtest(options)], {
    auth: [...auth, ...others.filter(({ name }) => !known.has(name))],
  });
}
