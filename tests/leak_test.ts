/** The text of a credential is in no table, no log line and no answer but the one that hands it out. */
import { assert, assertEquals } from "@std/assert";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { assignmentSchema, registrationSchema } from "../core/protocol.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { runnerToken } from "./app.ts";
import { type KeyWorld, startKeyWorld } from "./key_world.ts";
import { type Operation, operations } from "./operations.ts";

/** All that the database holds, as text; blobs too. */
async function dump({ database }: KeyWorld): Promise<string> {
  const tables = await database.query(
    sql`select name from sqlite_master where type = 'table'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) =>
      database.query({ text: `select * from "${name}"`, values: [] })
    ),
  );
  assert(tables.length > 10, `there are ${tables.length} tables`);
  return JSON.stringify(
    rows.flat(),
    (_, value) =>
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
}

/** Every credential that there is, each as what it is and as what it is not. */
async function credentials(world: KeyWorld) {
  const password = "the password of alice";
  const alice = await world.user("alice", roles.admin);
  const { key } = await world.made(alice);
  const dead = await world.made(alice);
  await world.revoke(alice, dead.id);
  const { authorization: header = "" } = await world.token();
  const token = header.replace("Bearer ", "");
  const post = async (path: string, bearer: string, body: unknown) => {
    const response = await world.request(path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${bearer}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    return await response.json();
  };
  const offers = [{ backend: ["dummy"] }];
  const runner = registrationSchema.parse(
    await post("/runner/v1/register", runnerToken, {
      name: "r",
      version: "1",
      offers,
    }),
  );
  await post("/dummy/v1/runs", token, { do: { exit: 0 } });
  const { attemptToken } = assignmentSchema.parse(
    await post("/runner/v1/claim", runner.token, {
      claimId: crypto.randomUUID(),
      offers,
      waitSeconds: 0,
    }),
  );
  const secrets = {
    password,
    key,
    deadKey: dead.key,
    token,
    registration: runnerToken,
    runner: runner.token,
    attempt: attemptToken,
  };
  // An administrator's key, and a token, since keys manage no keys.
  const signedIn = [{ "auth-key": key }, { authorization: header }];
  return { secrets, signedIn };
}

function headersWith(
  secret: string,
  isFirst: boolean,
): Record<string, string>[] {
  const basic = (text: string) => ({
    authorization: `Basic ${new TextEncoder().encode(text).toBase64()}`,
  });
  return [
    { authorization: `Bearer ${secret}` },
    { authorization: `Bearer ${secret}x` },
    { authorization: secret },
    { authorization: `Basic ${secret}` },
    { "auth-key": secret },
    { "auth-key": `${secret} ` },
    basic(`alice:${secret}`),
    // Names that nobody has take half a second each: once is enough.
    ...isFirst ? [basic(`${secret}:alice`)] : [],
    { cookie: `session=${secret}` },
  ];
}

async function ask(
  world: KeyWorld,
  { method }: Operation,
  path: string,
  headers: Record<string, string>,
): Promise<string> {
  const response = await world.request(path, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    body: method === "GET" ? null : "{}",
  });
  const told = JSON.stringify([...response.headers]);
  if (response.headers.get("content-type") === "text/event-stream") {
    await response.body?.cancel();
    return told;
  }
  return told + await response.text();
}

Deno.test("no credential is in a table, a log line or an answer, wherever it was sent to", async () => {
  await using world = await startKeyWorld({
    backends: [dummy(), prow(), autopkgtest()],
  });
  const { secrets, signedIn } = await credentials(world);
  const all = (await operations(world.app)).toSorted((a, b) =>
    Number(b.template === "/v1/whoami") - Number(a.template === "/v1/whoami")
  );
  for (const [name, secret] of Object.entries(secrets)) {
    for (const operation of all) {
      const { method, path, template, access = "" } = operation;
      // What hands one out, or uses one up.
      const handsOut = template === "/api/v1/keys" && method === "POST" ||
        /^\/runner\/v1\/(register|claim|renew)$/.test(template);
      for (const headers of headersWith(secret, operation === all[0])) {
        const said = await ask(world, operation, path, headers);
        if (handsOut) continue;
        assert(!said.includes(secret), `${name} at ${method} ${path}: ${said}`);
      }
      // In the place of an id, where answers may repeat it to its sender.
      if (access.endsWith(":create")) continue;
      const misplaced = template.replaceAll(
        /[{:]\w+(\{[^}]+\})?\}?/g,
        encodeURIComponent(secret),
      );
      const query = `token=${encodeURIComponent(secret)}`;
      for (const headers of signedIn) {
        await ask(world, operation, `${misplaced}?${query}`, headers);
      }
    }
  }
  const stored = await dump(world);
  const logged = world.logged.join("\n");
  for (const [name, secret] of Object.entries(secrets)) {
    assert(!stored.includes(secret), `the ${name} is in the database`);
    assert(!logged.includes(secret), `the ${name} is in the log`);
  }
  // The search finds what is there.
  assert(stored.includes("user:alice") && stored.includes("keys:create"));
  assertEquals(secrets.registration, runnerToken);
});
