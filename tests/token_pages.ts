import { assertEquals } from "@std/assert";
import { roles } from "../core/permission.ts";
import {
  type AccountWorld,
  origin,
  startAccounts,
  textOf,
  type Visitor,
} from "./account_world.ts";
import type { Page } from "./pages.ts";

/** Where the tokens of the reader's own groups are. */
export const own = "/account/tokens";

/** Where those of all groups are. */
export const all = "/admin/tokens";

/** A world with olga, who owns the group `ci-bots`. */
export async function start(): Promise<AccountWorld> {
  const world = await startAccounts();
  await world.user("olga", { permissions: roles.owner, owns: ["ci-bots"] });
  return world;
}

/** Makes a token by the form, which must work. */
export async function make(
  visitor: Visitor,
  fields: Parameters<Visitor["submit"]>[2] = {},
  path = own,
): Promise<{ page: Page; token: string; id: string }> {
  const page = await visitor.submit(await visitor.open(path), path, {
    group: "ci-bots",
    ...fields,
  });
  assertEquals(page.status, 201, page.text);
  return {
    page,
    token: textOf(page, "#token"),
    id: idsOf(page, path)[0] ?? "",
  };
}

/** Ids of the tokens that a page lists. */
export function idsOf({ document }: Page, path: string): string[] {
  return [...document.querySelectorAll(`tbody a[href^="${path}/"]`)].map((
    link,
  ) => link.getAttribute("href")?.slice(path.length + 1) ?? "");
}

/** Status of a request with a token. */
export const works = ({ status }: AccountWorld, token: string) =>
  status("/v1/whoami", { authorization: `Bearer ${token}` });

/** Sends a form's fields without the page that has it. */
export async function send(
  { test }: AccountWorld,
  { cookie }: Visitor,
  path: string,
  body: URLSearchParams,
): Promise<number> {
  const headers = { cookie, origin, accept: "text/html" };
  const response = await test.request(origin + path, {
    method: "POST",
    headers,
    body,
  });
  await response.body?.cancel();
  return response.status;
}
