import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { startTestApp } from "../../../tests/app.ts";
import autopkgtest from "./mod.ts";

const several = "/api/v1/test/unstable/amd64";

/** Valid JSON that is neither a list of names nor a list of tests. */
const shapes = [
  "null",
  "true",
  "1e999",
  '"x"',
  "{}",
  '{"package":"foo"}',
  '[["foo"]]',
  "[{}]",
  "[null]",
  '[{"__proto__":{"package":"foo"}}]',
  '[{"toString":1}]',
  ...[5_000, 200_000].flatMap((depth) => [
    "[".repeat(depth) + "]".repeat(depth),
    `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
  ]),
];

/** What a member of a test may hold other than what it should. */
const members = ["{}", '{"a":1}', "[[]]", "[{}]", "[1]", ...shapes.slice(-4)];

async function assertRefused(path: string, name: string, json: string) {
  await using app = await startTestApp([autopkgtest()]);
  const response = await app.request(path, {
    method: "POST",
    user: "alice",
    body: new URLSearchParams({ [name]: json }),
  });
  const text = await response.text();
  const what = `${name}=${json.slice(0, 60)}: ${text.slice(0, 200)}`;
  assertEquals(response.status, 400, what);
  assertEquals(
    response.headers.get("content-type"),
    "text/html;charset=utf-8",
    what,
  );
  assertNotEquals(text, "", what);
  assert(!/internal|undefined|\[object/.test(text), what);
  assertEquals(await app.app.store.runs.list({}), []);
}

Deno.test("tests= that is JSON of another shape is refused in debci's words, whatever it holds", async () => {
  for (const json of shapes) await assertRefused(several, "tests", json);
});

Deno.test("extra_apt_sources= that is JSON of another shape is refused in debci's words", async () => {
  // Nothing is no names.
  for (const json of shapes.filter((shape) => shape !== "null")) {
    await assertRefused(`${several}/foo`, "extra_apt_sources", json);
  }
});

for (
  const member of [
    "package",
    "trigger",
    "is_private",
    "pin-packages",
    "extra-apt-sources",
  ]
) {
  Deno.test(`a test whose ${member} has another shape is refused in debci's words`, async () => {
    for (const value of members) {
      const others = member === "package" ? "" : '"package":"foo",';
      const json = `[{${others}"${member}":${value}}]`;
      await assertRefused(several, "tests", json);
    }
  });
}
