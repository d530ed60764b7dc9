import { assertEquals } from "@std/assert";
import * as z from "zod";
import type { Run } from "../core/run.ts";
import { startTestApp, type TestApp } from "./app.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { parseRejectList } from "../plugins/backends/autopkgtest/reject_list_file.ts";
import { replaceEntries } from "../plugins/backends/autopkgtest/reject_list_store.ts";

/** One line of the checklist of debci's behaviour: its number, what holds, and how that is seen on an app of its own. */
export type Line = readonly [
  number: number,
  guarantee: string,
  check: (app: TestApp) => Promise<void>,
];

type Options = Parameters<typeof autopkgtest>[0];

/** What the tests reject. */
const rejectList = `
# broken for years
rejectedpkg
halfrejected unstable amd64
verrejected testing arm64 1.0-1
globrej-*
`;

const entry = "deb http://archive.test/debian unstable main";

/** Sources of the tests: one for all, one for bob, one for a group. */
const extraAptSources = {
  open: { entry },
  bobs: { entry, allowed: ["user:bob"] },
  teams: { entry, allowed: ["group:team"] },
};

/** Registers one test a line, named `debci NN: …`. */
export function checkLines(lines: readonly Line[]): void {
  for (const [number, guarantee, check] of lines) {
    Deno.test(`debci ${number}: ${guarantee}`, async () => {
      await using app = await startDebci();
      await check(app);
    });
  }
}

/** An app that speaks debci's dialect, with a reject list. */
export async function startDebci(options: Options = {}): Promise<TestApp> {
  const app = await startTestApp([
    autopkgtest({ extraAptSources, ...options }),
  ]);
  await reject(app, rejectList);
  return app;
}

/** Puts a reject list in the place of the one before. */
export async function reject(app: TestApp, text: string): Promise<void> {
  const { entries, faults } = parseRejectList(text);
  assertEquals(faults, []);
  await replaceEntries(app.database, entries, app.now());
}

/** Where several tests are asked for. */
export const several = "/api/v1/test/unstable/amd64";

/** Sends a form. */
export async function post(
  app: TestApp,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  user = "alice",
): Promise<Response> {
  return await app.request(path, {
    method: "POST",
    user,
    body: new URLSearchParams(fields),
  });
}

/** Asks for several tests. */
export async function postTests(
  app: TestApp,
  tests: unknown,
  path = several,
): Promise<Response> {
  return await post(app, path, { tests: JSON.stringify(tests) });
}

/** Status and text of an answer. */
export async function answer(
  response: Response | Promise<Response>,
): Promise<[number, string]> {
  const answered = await response;
  return [answered.status, await answered.text()];
}

/** All tests that are stored, oldest first. */
export async function stored(app: TestApp): Promise<Run[]> {
  const runs = await app.app.store.runs.list({ backend: "autopkgtest" });
  return runs.toReversed();
}

const made = z.strictObject({ run_ids: z.array(z.int()) });

/** The numbers of the runs that a write answers to who accepts JSON. */
export async function runIds(response: Response): Promise<number[]> {
  assertEquals(response.headers.get("content-type"), "application/json");
  return made.parse(await response.json()).run_ids;
}
