/**
 * Replays the requests of testdata/transcripts.jsonl, recorded from a real debci 3.6,
 * in their order. Where Slipway means to answer otherwise it is written here.
 */
import { assertEquals } from "@std/assert";
import * as z from "zod";
import { roles } from "../../../core/permission.ts";
import { startTestApp, type TestApp } from "../../../tests/app.ts";
import { insertAuthKey } from "../../auth/auth_key/key.ts";
import authKey from "../../auth/auth_key/mod.ts";
import autopkgtest from "./mod.ts";

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

type Record = z.output<typeof record>;

const listed = z.object({
  until: z.number(),
  results: z.array(z.record(z.string(), z.unknown())),
});

const badSince =
  "Invalid value for since: expected seconds since 1970, such as 1790000000\n";

/** What Slipway answers where debci breaks or checks nothing: bad input is refused and says what to change. */
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
    'Invalid request: Invalid value for extra_apt_sources: expected a list of names, such as ["NAME"]',
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
  results_since_abc: [400, badSince],
  results_since_empty: [400, badSince],
  // `until` tells of the user's last change, so that who follows with it never begins anew.
  results_since_future: [200, '{"until":1'],
  results_other_params_ignored: [200, '{"until":1'],
};

Deno.test("the recorded answers of debci are given again", async (t) => {
  await using app = await startTestApp([autopkgtest({
    extraAptSources: {
      "bullseye-security": {
        entry:
          "deb http://security.debian.org/debian-security bullseye-security main",
      },
      "restricted-src": {
        entry: "deb http://example.invalid/debian unstable main",
        allowed: ["user:alice"],
      },
    },
  })], { auth: [authKey()] });
  const keys = await seedKeys(app, ["alice", "bob", "carol"]);
  for (const recorded of await records()) {
    await t.step(recorded.name, async () => {
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
    });
  }
});

/** A list of results differs in its times and numbers; `assertSameListing` looks into it. */
function shape(body: string): string {
  return body.startsWith('{"until":1') ? "(results)" : body;
}

function assertHeaders(response: Response, { response: { headers } }: Record) {
  for (const [name, value] of Object.entries(headers)) {
    if (name === "Content-Length") continue;
    assertEquals(response.headers.get(name), value, name);
  }
}

/** The first result is that of the same request in both; its ids and times are our own. */
function assertSameListing(ours: string, theirs: string) {
  const [our, their] = [ours, theirs].map((body) =>
    listed.parse(JSON.parse(body)).results[0] ?? {}
  );
  const own = ["run_id", "created_at", "updated_at", "package_id"];
  assertEquals(Object.keys(our ?? {}), Object.keys(their ?? {}));
  for (const [key, value] of Object.entries(their ?? {})) {
    if (own.includes(key)) assertEquals(typeof our?.[key], typeof value, key);
    else assertEquals(our?.[key], value, key);
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
  return new Request(new URL(request.path, "http://slipway.test"), {
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

/** Makes users, numbered from 1 as in the recording, with a key each. */
async function seedKeys(
  { app: { store }, now }: TestApp,
  users: readonly string[],
): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for (const user of users) {
    const key = crypto.randomUUID();
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
  return `Invalid request: Invalid value for pin-packages for package: bash: ${why}`;
}
