/**
 * Replays the 180 requests of testdata/transcripts.jsonl, recorded from a real debci
 * 3.6, in their order. Where Slipway means to answer otherwise is written in
 * tests/debci_transcripts.ts and told in docs/debci-compatibility.md.
 */
import { assertEquals } from "@std/assert";
import * as z from "zod";
import { roles } from "../../../core/permission.ts";
import { startTestApp, type TestApp } from "../../../tests/app.ts";
import {
  different,
  pages,
  publicPages,
  type Unpublished,
  unpublished,
} from "../../../tests/debci_transcripts.ts";
import { insertAuthKey } from "../../auth/auth_key/key.ts";
import authKey from "../../auth/auth_key/mod.ts";
import autopkgtest from "./mod.ts";
import { parseRejectList } from "./reject_list_file.ts";
import { replaceEntries } from "./reject_list_store.ts";

const record = z.object({
  name: z.string(),
  request: z.object({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
  }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
});

/** Where the recorded debci was; redirects repeat it. */
const recordedAt = "http://127.0.0.1:8690";

type Record = z.output<typeof record>;

const listed = z.object({
  until: z.number(),
  results: z.array(z.record(z.string(), z.unknown())),
});

Deno.test("the recorded answers of debci are given again", async (t) => {
  await using app = await startRecorded();
  const keys = await seedKeys(app, [
    ["alice", crypto.randomUUID()],
    ["bob", crypto.randomUUID()],
    ["carol", crypto.randomUUID()],
    // Her key after the reset, which stands in the recording.
    ["alice", "0afdcea0-df3d-458f-b556-1b892d858fe5"],
  ]);
  const all = await records();
  assertEquals(all.length, 180);
  for (const recorded of all) {
    if (pages.has(recorded.name)) continue;
    await t.step(recorded.name, async () => {
      for (const request of unpublished[recorded.name] ?? []) {
        await sendUnpublished(app, request, keys);
      }
      await assertAnsweredAgain(app, recorded, keys);
    });
  }
  const names = all.map(({ name }) => name);
  const listed = [...pages, ...publicPages, ...Object.keys(different)];
  assertEquals(listed.filter((name) => !names.includes(name)), []);
});

Deno.test("the documentation lists every record that is answered otherwise", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../docs/debci-compatibility.md", import.meta.url),
  );
  const missing = [...Object.keys(different), ...pages, ...publicPages].filter((
    name,
  ) => !text.includes(`\`${name}\``));
  assertEquals(missing, []);
});

/** The recorded debci's configuration. */
async function startRecorded(): Promise<TestApp> {
  const entry = (host: string) => `deb http://${host}/debian unstable main`;
  const backend = autopkgtest({
    extraAptSources: {
      "bullseye-security": { entry: entry("security.debian.org") },
      "restricted-src": {
        entry: entry("example.invalid"),
        allowed: ["user:alice"],
      },
    },
  });
  const app = await startTestApp([backend], {
    auth: [authKey()],
    now: () => Date.UTC(2026, 10, 22, 1, 55, 13, 166),
  });
  const file = new URL("testdata/reject_list", import.meta.url);
  const { entries } = parseRejectList(await Deno.readTextFile(file));
  await replaceEntries(app.database, entries, app.now());
  return app;
}

async function assertAnsweredAgain(
  app: TestApp,
  recorded: Record,
  keys: ReadonlyMap<string, string>,
) {
  const response = await app.app.fetch(toRequest(recorded, keys));
  if (publicPages.has(recorded.name)) {
    return await assertPage(response, recorded);
  }
  const body = await response.text();
  const [status, text] = different[recorded.name] ??
    [recorded.response.status, recorded.response.body];
  assertEquals([response.status, shape(body)], [status, shape(text)]);
  if (recorded.response.status === response.status) {
    assertHeaders(response, recorded);
  }
  if (/^results_(alice|bob)_all$/.test(recorded.name)) {
    assertSameListing(body, recorded.response.body);
  }
}

async function assertPage(
  response: Response,
  { name, response: known }: Record,
) {
  const [status] = different[name] ?? [known.status];
  assertEquals(response.status, status);
  const body = await response.text();
  if (status === 200) assertEquals(shape(body), "(page)");
  if (status !== 302) return;
  const [ours, theirs] = [
    response.headers.get("location") ?? "",
    known.headers.Location ?? "",
  ].map((location) => new URL(location, recordedAt).pathname);
  assertEquals(ours, theirs);
}

async function sendUnpublished(
  app: TestApp,
  { user, path, body = "" }: Unpublished,
  keys: ReadonlyMap<string, string>,
) {
  const response = await app.app.fetch(
    new Request(new URL(path, recordedAt), {
      method: "POST",
      headers: { "auth-key": keys.get(user) ?? "" },
      body: new URLSearchParams(body),
    }),
  );
  assertEquals([response.status, await response.text()], [201, ""]);
}

/** A list of results differs in its times; `assertSameListing` looks into it. A page has its own words. */
function shape(body: string): string {
  if (body.startsWith('{"until":1')) return "(results)";
  return /^(<!DOCTYPE html>|\[html page, )/.test(body) ? "(page)" : body;
}

function assertHeaders(response: Response, { response: { headers } }: Record) {
  for (const [name, value] of Object.entries(headers)) {
    if (name === "Content-Length") continue;
    assertEquals(response.headers.get(name), value, name);
  }
}

/** The numbers and packages are the recorded ones until the first request that is refused here, and the first result is the same; its times are our own. */
function assertSameListing(ours: string, theirs: string) {
  const [our = [], their = []] = [ours, theirs].map((body) =>
    listed.parse(JSON.parse(body)).results
  );
  const names = (results: typeof our) =>
    results.slice(0, 9).map((
      { run_id, package: name, status, message },
    ) => [run_id, name, status, message]);
  assertEquals(names(our), names(their));
  const own = ["created_at", "updated_at", "package_id"];
  assertEquals(Object.keys(our[0] ?? {}), Object.keys(their[0] ?? {}));
  for (const [key, value] of Object.entries(their[0] ?? {})) {
    if (own.includes(key)) {
      assertEquals(typeof our[0]?.[key], typeof value, key);
    } else assertEquals(our[0]?.[key], value, key);
  }
}

function toRequest(
  { request }: Record,
  keys: ReadonlyMap<string, string>,
): Request {
  const headers = Object.entries(request.headers).map((
    [name, value],
  ): [string, string] => [
    name,
    value.replace(/^\{\{(.+)_key\}\}$/, (_, user) => keys.get(user) ?? ""),
  ]);
  // Bytes, since a text would get a Content-Type of its own.
  const body = request.body === null
    ? null
    : new TextEncoder().encode(request.body);
  return new Request(new URL(request.path, recordedAt), {
    method: request.method,
    headers,
    body,
  });
}

async function records(): Promise<Record[]> {
  const file = new URL("testdata/transcripts.jsonl", import.meta.url);
  const lines = (await Deno.readTextFile(file)).trim().split("\n");
  return lines.map((line) => record.parse(JSON.parse(line)));
}

/** Makes users, numbered from 1 as in the recording, with keys; the last one of each is the answer. */
async function seedKeys(
  { app: { store }, now }: TestApp,
  users: readonly (readonly [user: string, key: string])[],
): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for (const [user, key] of users) {
    const { account } = await store.accounts.ensure(
      "user",
      user,
      roles.trigger,
    );
    await store.database.batch([
      await insertAuthKey({
        id: crypto.randomUUID(),
        account: account.id,
        key,
        name: "recorded",
        now: now(),
      }),
    ]);
    keys.set(user, key);
  }
  return keys;
}
