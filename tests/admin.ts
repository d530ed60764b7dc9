/**
 * Pages of the administration as an administrator reads them and sends their forms.
 * @module
 */
import { assertEquals } from "@std/assert";
import prow from "../plugins/backends/prow/mod.ts";
import { type DebciRig, startDebci } from "./debci.ts";
import { type Page, readPage } from "./pages.ts";

/** A server, and an administrator `root` at its pages. */
export type AdminRig = AsyncDisposable & {
  readonly rig: DebciRig;
  read(path: string, role?: "viewer" | "trigger" | "owner"): Promise<Page>;
  /** Sends a form; the answer is a page again. */
  send(
    path: string,
    fields: Readonly<Record<string, string>>,
    role?: "viewer" | "trigger" | "owner",
  ): Promise<Page>;
  /** Lines of the audit of what `root` did, the newest first: who, action, target, outcome. */
  audit(): Promise<(string | null)[][]>;
};

/** Starts it; `root` is an administrator by the account too, and the only one. */
export async function startAdmin(
  parts: Parameters<typeof startDebci>[1] = {},
): Promise<AdminRig> {
  const rig = await startDebci({}, parts, [prow()]);
  const { store } = rig.app.app;
  await store.accounts.ensure("user", "root", ["*:*"]);
  const as = (
    role: "admin" | "viewer" | "trigger" | "owner",
    init: RequestInit = {},
  ) => ({
    app: {
      ...rig.app,
      request: (path: string, asked: RequestInit = {}) =>
        rig.app.request(path, {
          ...init,
          user: "root",
          role,
          headers: { ...init.headers, accept: "text/html", ...asked.headers },
        }),
    },
  });
  return {
    rig,
    read: (path, role) => readPage(as(role ?? "admin"), path),
    send: (path, fields, role) =>
      readPage(
        as(role ?? "admin", {
          method: "POST",
          body: new URLSearchParams(fields),
        }),
        path,
      ),
    async audit() {
      const lines = await store.audit.list({
        principal: "user:root",
        limit: 100,
      });
      return lines.map(({ principal, action, target, outcome }) => [
        principal,
        action,
        target,
        outcome,
      ]);
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** Where a form that was carried out leads. */
export function assertLeads(page: Page, path: string): void {
  assertEquals([page.status, page.headers.get("location")], [303, path]);
}
