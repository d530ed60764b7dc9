import { assert, assertEquals, assertMatch } from "@std/assert";
import { roles } from "../core/permission.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { serveApp } from "./gangway.ts";

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};

/** The examples of a page, as a reader copies them. */
function examplesOf(page: string): string[] {
  const blocks = page.matchAll(/<pre[^>]*><code>(.*?)<\/code><\/pre>/gs);
  return [...blocks].map(([, markup = ""]) =>
    markup.replaceAll(/&\w+;|&#39;/g, (entity) => entities[entity] ?? entity)
  );
}

async function makeKey(app: TestApp, user: string): Promise<string> {
  const { accounts } = app.app.store;
  const { account } = await accounts.ensure("user", user, roles.trigger);
  const key = crypto.randomUUID();
  await app.database.batch([
    await insertAuthKey({
      id: crypto.randomUUID(),
      account: account.id,
      key,
      name: "",
      now: app.now(),
    }),
  ]);
  return key;
}

/** A served app, and a shell with a key in a folder of its own. */
async function start() {
  const app = await startTestApp([autopkgtest()], {
    auth: [authKey()],
    now: Date.now,
  });
  const key = await makeKey(app, "alice");
  const server = serveApp(app);
  const directory = await Deno.makeTempDir({ prefix: "slipway-test-" });
  return {
    app,
    url: server.url,
    directory,
    /** What a command prints. The options of curl make it fail on a refusal, and tell the status. */
    async shell(command: string) {
      const { stdout, stderr, success } = await new Deno.Command("bash", {
        args: [
          "-euo",
          "pipefail",
          "-c",
          `curl() { command curl --silent --show-error --fail-with-body --write-out '%{http_code}' "$@"; }\n${command}`,
        ],
        cwd: directory,
        env: { KEY: key, no_proxy: "127.0.0.1" },
      }).output();
      const decoder = new TextDecoder();
      const output = decoder.decode(stdout);
      assert(success, `${command}\n${output}${decoder.decode(stderr)}`);
      return output;
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(directory, { recursive: true });
      await server[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

Deno.test("all examples of the API's page work in a shell, in their order", async () => {
  await using world = await start();
  const page = await (await fetch(`${world.url}/api`)).text();
  const examples = examplesOf(page);
  const answers = [];
  for (const example of examples) {
    assert(example.includes(`${world.url}/api/v1/`), example);
    answers.push(await world.shell(example));
  }
  const statuses = answers.map((answer) => answer.slice(-3));
  assertEquals(
    statuses.join(" "),
    "200 200 201 201 201 201 201 201 200 200 200 200 200",
  );
  const bodies = answers.map((answer) => answer.slice(0, -3));
  assertEquals(bodies.slice(0, 6), [
    "",
    "{}",
    "",
    "",
    '{"run_ids":[5,6]}',
    "",
  ]);
  assertMatch(bodies[8] ?? "", /^\{"until":\d+,"results":\[\{"run_id":1,/);
  const runs = await world.app.app.store.runs.list({});
  assertEquals(runs.length, 10);
});

/** How scripts of others call debci (wire 8.1), which stays as it is. */
const scripts = [
  [
    "britney",
    `printf '[{"package":"foo","trigger":"gcc/1 binutils/2","pin-packages":[["src:gcc,src:binutils","unstable"]]}]' > file
command curl --fail --silent --header "Auth-Key: $KEY" --form tests=@file $URL/api/v1/test/testing/amd64`,
    "",
  ],
  [
    "a form's field without a file",
    `curl -H "Auth-Key: $KEY" -d 'tests=[{"package":"foo"}]' $URL/api/v1/test/unstable/amd64`,
    "201",
  ],
  [
    "the priority in the query",
    `curl -H "Auth-Key: $KEY" -X POST "$URL/api/v1/test/unstable/amd64/foo?priority=3"`,
    "201",
  ],
  [
    "a list of what was private",
    `curl -H "Auth-Key: $KEY" -d run_ids=1,2,3 $URL/api/v1/test/publish`,
    "200",
  ],
] as const;

for (const [whose, script, printed] of scripts) {
  Deno.test(`a script's call works: ${whose}`, async () => {
    await using world = await start();
    const command = script.replaceAll("$URL", world.url);
    assertEquals(await world.shell(command), printed);
    const runs = await world.app.app.store.runs.list({});
    assertEquals(runs.length, script.includes("/publish") ? 0 : 1);
  });
}

Deno.test("the page names the host that it was asked at, and has debci's anchors", async () => {
  await using app = await startTestApp([autopkgtest()]);
  const response = await app.request("https://ci.example.org:8443/api/doc");
  const page = await response.text();
  assert(page.includes("https://ci.example.org:8443/api/v1/auth"));
  const anchors = [...page.matchAll(/<h2 id="(.*?)">/g)].map(([, id]) => id);
  assertEquals(anchors, [
    "GET_/v1/auth",
    "GET_/v1/reject_list",
    "POST_/v1/test/:suite/:arch",
    "POST_/v1/test/batch",
    "POST_/v1/test/:suite/:arch/:package",
    "GET_/v1/test",
    "POST_/v1/test/publish",
    "GET_/v1/retry/:run_id",
    "POST_/v1/retry/:run_id",
  ]);
  const links = [...page.matchAll(/href="#(?!main")(.*?)"/g)].map(([, id]) =>
    id
  );
  assertEquals(links, anchors);
  assertEquals(/<script|\bsrc=|@import|url\(/.test(page), false);
});
