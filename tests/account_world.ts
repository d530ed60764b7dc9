import { assert, assertEquals } from "@std/assert";
import { sql } from "../core/database.ts";
import type { Limit } from "../core/limit.ts";
import { type Permission, roles } from "../core/permission.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import { generateSigningKey } from "../plugins/auth/bearer/signing_key.ts";
import session from "../plugins/auth/session/mod.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { type Page, type Queried, toPage } from "./pages.ts";

/** Where the server of `AccountWorld` is, for the requests of its browsers. */
export const origin = "https://slipway.test";

/** A browser that is signed in, or not. */
export type Visitor = {
  /** The `Cookie` header that it sends. */
  readonly cookie: string;
  open(path: string): Promise<Page>;
  /** Sends a form of a page as a browser does: with its hidden fields, and these. */
  submit(
    page: Page,
    action: string,
    fields?: Fields,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Page>;
};

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** A server with every way to sign in that has pages, and people with passwords. */
export type AccountWorld = AsyncDisposable & {
  readonly test: TestApp;
  /** All that the server logged, as JSON. */
  readonly logged: readonly string[];
  /** A user, with a password, who owns these groups; both are made. */
  user(name: string, options?: UserOptions): Promise<void>;
  /** Signs a user in by the form at `/login`. */
  visitor(name: string, userAgent?: string): Promise<Visitor>;
  /** Sends a request with a credential in a header; its status. */
  status(path: string, headers: Record<string, string>): Promise<number>;
  /** All that the database holds, as text. */
  dump(): Promise<string>;
  /** The lines of the audit about what was changed, the oldest first: principal, way, action, target, outcome. */
  audited(): Promise<string[]>;
};

type UserOptions = {
  readonly permissions?: readonly Permission[];
  readonly limits?: readonly Limit[];
  readonly owns?: readonly string[];
};

/** Password of each user. */
export const passwordOf = (name: string) => `the password of ${name}`;

/** Starts it. */
export async function startAccounts(
  parts: Pick<
    NonNullable<Parameters<typeof startTestApp>[1]>,
    "now" | "rates"
  > = {},
): Promise<AccountWorld> {
  const signingKey = await generateSigningKey();
  const logged: string[] = [];
  const test = await startTestApp([prow(), autopkgtest()], {
    auth: [bearer({ signingKey }), authKey(), basic(), session()],
    log: (...line) => logged.push(JSON.stringify(line)),
    ...parts,
  });
  const { database } = test;
  return {
    test,
    logged,
    user: (name, options) => addUser(test, name, options),
    visitor: (name, userAgent = "Tests/1.0") => signIn(test, name, userAgent),
    status: async (path, headers) => {
      const response = await test.request(path, { headers });
      await response.body?.cancel();
      return response.status;
    },
    dump: async () => {
      const tables = await database.query(
        sql`select name from sqlite_master where type = 'table'`,
      );
      const rows = await Promise.all(
        tables.map(({ name }) =>
          database.query({ text: `select * from "${name}"`, values: [] })
        ),
      );
      return JSON.stringify(rows);
    },
    audited: async () => {
      const rows = await database.query(sql`
        select principal, via, action, target, outcome from audit
        where action <> 'sessions:create' order by id`);
      return rows.map((row) => Object.values(row).join(" "));
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

async function addUser(
  { app, database, now }: TestApp,
  name: string,
  { permissions = roles.trigger, limits = [], owns = [] }: UserOptions = {},
): Promise<void> {
  const { accounts, groups } = app.store;
  await accounts.ensure("user", name, permissions);
  const account = await accounts.allow("user", name, { permissions, limits });
  assert(account);
  for (const group of owns) {
    const { account: owned } = await groups.ensure(group);
    await groups.addOwners(owned.id, [account]);
  }
  // Cheap, for tests that are not about its time.
  const cost = { memoryKib: 64, passes: 1, lanes: 1 };
  const hash = await hashPassword(passwordOf(name), newSalt(), cost);
  await database.batch([savePassword({ account, hash, now: now() })]);
}

async function signIn(
  test: TestApp,
  name: string,
  userAgent: string,
): Promise<Visitor> {
  const stranger = visitorWith(test, "", userAgent);
  const form = await stranger.open("/login");
  const cookie = cookiesOf(form.headers);
  const shown = await visitorWith(test, cookie, userAgent).submit(
    form,
    "/login",
    { name, password: passwordOf(name) },
  );
  assertEquals(shown.status, 303, shown.text);
  return visitorWith(test, cookiesOf(shown.headers), userAgent);
}

/** What a browser keeps of an answer's cookies. */
function cookiesOf(headers: Headers): string {
  return headers.getSetCookie().map((line) => line.split(";")[0] ?? "")
    .filter((pair) => !pair.endsWith("=")).join("; ");
}

/** A browser with these cookies. */
export function visitorWith(
  test: TestApp,
  cookie: string,
  userAgent = "Tests/1.0",
): Visitor {
  const headers = {
    accept: "text/html",
    "user-agent": userAgent,
    ...cookie === "" ? {} : { cookie },
  };
  return {
    cookie,
    open: async (path) =>
      await toPage(await test.request(origin + path, { headers })),
    submit: async (page, action, fields = {}, more = {}) => {
      const body = hiddenFields(page, action);
      for (const [name, value] of Object.entries(fields)) {
        body.delete(name);
        for (const each of [value].flat()) body.append(name, each);
      }
      const response = await test.request(origin + action, {
        method: "POST",
        headers: { ...headers, origin, ...more },
        body,
      });
      return await toPage(response);
    },
  };
}

/** What a form sends by itself. */
export function hiddenFields(page: Page, action: string): URLSearchParams {
  const form = page.document.querySelector(`main form[action="${action}"]`);
  assert(form, `there is no form for ${action}: ${page.text}`);
  return new URLSearchParams(
    [...form.querySelectorAll("input[type=hidden]")].map((input) => [
      input.getAttribute("name") ?? "",
      input.getAttribute("value") ?? "",
    ]),
  );
}

/** The text of the one element that fits. */
export function textOf(page: Page, selector: string): string {
  const found = page.document.querySelector(selector);
  assert(found, `there is no ${selector}: ${page.text}`);
  return found.textContent;
}

/** A field of a page's form, and what is said to be wrong with it. */
export function field(
  page: Page,
  name: string,
): { readonly element: Queried; readonly fault: string | null } {
  const element = page.document.querySelector(`main [name="${name}"]`);
  assert(element, `there is no field ${name}: ${page.text}`);
  const id = element.getAttribute("aria-describedby");
  return {
    element,
    fault: id === null
      ? null
      : page.document.getElementById(id)?.textContent ?? null,
  };
}
