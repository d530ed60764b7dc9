/**
 * Replays the 180 requests of testdata/transcripts.jsonl, recorded from a real debci
 * 3.6, in their order. Where Slipway means to answer otherwise it is written here,
 * and told in docs/debci-compatibility.md.
 */
import { assertEquals } from "@std/assert";
import * as z from "zod";
import { roles } from "../../../core/permission.ts";
import { startTestApp, type TestApp } from "../../../tests/app.ts";
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

const badSince =
  "Invalid value for since: expected seconds since 1970, such as 1790000000\n";

/** Where debci breaks on bad input, or checks nothing, the request is refused and told what to change. */
const different: { readonly [name: string]: readonly [number, string] } = {
  auth_post_not_routed: [405, "Cannot POST /api/v1/auth: use GET, HEAD\n"],
  auth_trailing_slash: [404, notFound("/api/v1/auth/")],
  api_v1_root: [404, notFound("/api/v1")],
  api_unknown_route: [404, notFound("/api/v1/nope")],
  api_unknown_route_nokey: [404, notFound("/api/v1/nope")],
  api_put: [405, "Cannot PUT /api/v1/test/unstable/amd64/bash: use POST\n"],
  api_delete: [
    405,
    "Cannot DELETE /api/v1/test/unstable/amd64/bash: use POST\n",
  ],
  single_bad_name_newline: [400, "Invalid package name: foo\n$(id)\n"],
  single_name_trailing_slash: [
    404,
    notFound("/api/v1/test/unstable/amd64/foo/"),
  ],
  single_extra_apt_string: [
    400,
    'Invalid extra apt sources: expected a JSON list of names, such as ["NAME"]',
  ],
  multi_object: [400, "Error: Not an array"],
  multi_null: [400, "Error: Not an array"],
  multi_number: [400, "Error: Not an array"],
  multi_extra_apt_string_ok: [
    400,
    'Invalid request: Invalid value for extra_apt_sources at test index 0: expected a list of names, such as ["NAME"]',
  ],
  multi_pin_string: [
    400,
    badPin('expected a list of lists such as [["src:foo", "testing"]]'),
  ],
  multi_pin_object: [
    400,
    badPin('expected a list of lists such as [["src:foo", "testing"]]'),
  ],
  multi_pin_same_suite_twice: [
    400,
    badPin(
      "the suite testing occurs twice: put all its packages into one list",
    ),
  ],
  multi_pin_unknown_suite: [
    400,
    badPin(
      'unknown suite "nosuch", expected one of unstable, testing, stable',
    ),
  ],
  multi_pin_injection: [
    400,
    badPin(
      '"src:foo trigger:pwn" is not a package, such as foo or src:foo',
    ),
  ],
  multi_invalid_utf8: [
    400,
    "Error: Cannot decode the parameters: they are not UTF-8 in percent-encoding\n",
  ],
  batch_ok: [201, ""],
  batch_ok_priority: [201, ""],
  // Carol has tests now, by her batches.
  results_carol_all: [200, "(results)"],
  results_since_float: [200, "(results)"],
  results_since_0: [200, "(results)"],
  results_since_negative: [200, "(results)"],
  batch_no_tests_key: [
    400,
    "Error: No tests at request index 0: expected a list",
  ],
  results_since_abc: [400, badSince],
  results_since_empty: [400, badSince],
  publish_get: [405, "Cannot GET /api/v1/test/publish: use POST\n"],
  // A retry wants a key, and a private test is nobody else's.
  retry_get: [403, "Invalid key\n"],
  retry_get_unknown: [403, "Invalid key\n"],
  retry_post_bad_key: [403, "Invalid key\n"],
  retry_post_someone_elses: [400, "Job ID not known: 19"],
  // There is no broker that could be down.
  broker_down_single: [201, ""],
  broker_down_multi: [201, ""],
};

/** Pages for people, which are no part of the API: they have no answer yet. */
const pages: ReadonlySet<string> = new Set([
  "root_not_mounted",
  "ss_root_nosession",
  "ss_login_page",
  "ss_user_nosession",
  "ss_getkey_nosession",
  "ss_retry_nosession",
  "ss_home",
  "ss_home_other_user",
  "ss_submit_ok",
  "ss_submit_export",
  "ss_submit_no_suite",
  "ss_submit_unknown_suite_accepted",
  "ss_submit_bad_extra",
  "ss_upload_ok",
  "ss_upload_none",
  "ss_upload_bad_json",
  "ss_jobs_filters",
  "ss_jobs_page2",
  "ss_jobs_bad_page",
  "ss_getkey_other_user_path",
  "ss_retry_page",
  "ss_retry_placeholder",
  "ss_retry_page_unknown",
  "ss_retry_post",
  "ss_publish_page",
  "ss_auth_failure",
  "ss_admin_forbidden",
  "ss_admin",
  "ss_admin_users",
  "ss_admin_user_edit",
  "ss_admin_pkg_bad_backend",
  "ss_admin_pkg_unset_backend",
  "ss_logout",
  "web_packages_root",
  "web_packages_prefix",
  "web_packages_prefix_noslash",
  "web_package_page",
  "web_package_page_wrong_prefix",
  "web_package_page_unknown",
  "web_package_history",
  "web_package_history_badsuite",
  "web_package_search",
  "web_package_search_none",
  "web_status_noslash",
  "web_status_failing_filter",
  "web_status_pending",
  "web_status_slow",
  "web_status_unknown",
]);

/** A request that was made before a record and not published; without it the numbers of tests would differ. */
type Unpublished = {
  readonly user: string;
  readonly path: string;
  readonly body?: string;
};

const unpublished: { readonly [before: string]: readonly Unpublished[] } = {
  single_ok_plus_encoded: [alices("unstable/amd64/libstdc++")],
  single_private_false: [
    alices("unstable/amd64/this-package-does-not-exist"),
    alices("unstable/arm64/halfrejected"),
    alices("testing/arm64/verrejected"),
    alices("unstable/amd64/bash", "is_private=true"),
  ],
  single_duplicate_ok: [alices("unstable/amd64/bash")],
  multi_extra_apt_underscore_ignored: [
    { user: "bob", path: "/api/v1/test/unstable/amd64/bash" },
    {
      user: "bob",
      path: "/api/v1/test/unstable/amd64",
      body: `tests=[{"package":"rejectedpkg"},{"package":"okpkg"}]`,
    },
  ],
};

function alices(target: string, body = ""): Unpublished {
  return { user: "alice", path: `/api/v1/test/${target}`, body };
}

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
  const listed = [...pages, ...Object.keys(different)];
  assertEquals(listed.filter((name) => !names.includes(name)), []);
});

Deno.test("the documentation lists every record that is answered otherwise", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../docs/debci-compatibility.md", import.meta.url),
  );
  const missing = [...Object.keys(different), ...pages].filter((name) =>
    !text.includes(`\`${name}\``)
  );
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

function notFound(path: string): string {
  return `Cannot find ${path}: see /openapi.json for the paths that there are\n`;
}

function badPin(why: string): string {
  return `Invalid request: Invalid value for pin-packages for package: bash at test index 0: ${why}`;
}
