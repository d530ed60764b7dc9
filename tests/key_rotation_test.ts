import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { decodeProtectedHeader } from "jose";
import { boot } from "../boot.ts";
import { silentLog } from "../core/log.ts";
import { roles } from "../core/permission.ts";
import { readSettings } from "../core/settings.ts";
import { findSigningKey } from "../plugins/auth/bearer/signing_key_file.ts";
import { makeDataFolder } from "../scripts/testing.ts";
import { createApp } from "../routes/app.ts";
import { openDatabase } from "../db/open.ts";
import configure from "../slipway.config.ts";

const bearing = (token: string) => ({ authorization: `Bearer ${token}` });

/** A server on a data folder, as `deno serve main.ts` starts it. */
async function serve(path: string) {
  const settings = readSettings({ SLIPWAY_DATA: path });
  const readSigningKey = () => findSigningKey(settings);
  const signingKey = await readSigningKey();
  const { app, release } = boot({ ...settings, signingKey, readSigningKey }, {
    log: silentLog,
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    app.fetch,
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    app,
    /** Status of a request with the token. */
    ask: async (token: string): Promise<number> => {
      const response = await fetch(`${url}/v1/whoami`, {
        headers: bearing(token),
      });
      await response.body?.cancel();
      return response.status;
    },
    make: async (token: string): Promise<string> => {
      const response = await fetch(`${url}/v1/tokens`, {
        method: "POST",
        headers: {
          ...bearing(token),
          accept: "text/plain",
          "content-type": "application/json",
        },
        body: JSON.stringify({ group: "made" }),
      });
      const text = await response.text();
      assertEquals(response.status, 201, text);
      return text.trim();
    },
    keys: async (): Promise<{ keys: { kid: string; d?: string }[] }> => {
      const response = await fetch(`${url}/.well-known/jwks.json`);
      assert(response.headers.get("cache-control")?.includes("public"));
      return await response.json();
    },
    [Symbol.asyncDispose]: async () => {
      app.close();
      await server.shutdown();
      release();
    },
  };
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid;

Deno.test("rotating the signing key while a server is busy loses no request, and retiring the old one ends its tokens at once", async () => {
  await using data = await makeDataFolder();
  const run = async (name: string, ...args: string[]) => {
    const { code, stdout, stderr } = await data.run(name, args);
    assertEquals(code, 0, stderr);
    return stdout.trim();
  };
  const old = await run("token.ts", "--group=bots");
  await using server = await serve(data.path);
  const { accounts } = server.app.store;
  await accounts.ensure("group", "admins", roles.admin);
  const admin = await run(
    "token.ts",
    "--group=admins",
    "--scope=*:*",
    "--scope=tokens:admin",
  );

  const statuses = new Map<number, number>();
  const tokens = [old, admin];
  let isRotating = true;
  const drive = async (index: number) => {
    for (let turn = index; isRotating; turn++) {
      const status = await server.ask(tokens[turn % tokens.length] ?? "");
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const make = async () => {
    while (isRotating) {
      const token = await server.make(admin);
      tokens.push(token);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const load = Promise.all([...[0, 1, 2].map(drive), make()]);
  try {
    for (let rotation = 0; rotation < 2; rotation++) {
      await run("keys.ts", "rotate");
      // Made beside the server, which has never heard of its key.
      tokens.push(await run("token.ts", "--group=bots"));
    }
  } finally {
    isRotating = false;
    await load;
  }
  assertEquals([...statuses.keys()], [200]);
  assert((statuses.get(200) ?? 0) > 50, `${statuses.get(200)} requests`);
  assertEquals(new Set(tokens.map(kidOf)).size, 3);

  const { keys } = await server.keys();
  assertEquals(keys.length, 3);
  assert(keys.every((key) => key.d === undefined));
  const fresh = await server.make(admin);
  assertNotEquals(kidOf(fresh), kidOf(old));
  assertEquals(kidOf(fresh), keys[0]?.kid);

  await run("keys.ts", "retire", kidOf(old) ?? "");
  assertEquals(await server.ask(old), 401);
  assertEquals(await server.ask(fresh), 200);
  assertEquals((await server.keys()).keys.length, 2);
});

Deno.test("where SLIPWAY_SIGNING_KEY is set, a rotation prints its next value, and a server that has the old one takes tokens of both", async () => {
  await using data = await makeDataFolder();
  const before = await data.run("token.ts", ["--group=bots"]);
  const signingKey = (await Deno.readTextFile(`${data.path}/signing_key.json`))
    .trim();
  const env = { SLIPWAY_SIGNING_KEY: signingKey };
  const rotated = await data.run("keys.ts", ["rotate"], "", env);
  assertEquals(rotated.code, 0, rotated.stderr);
  const next = rotated.stdout.trim();
  assertNotEquals(next, signingKey);
  const after = await data.run("token.ts", ["--group=bots"], "", {
    SLIPWAY_SIGNING_KEY: next,
  });
  assertEquals(after.code, 0, after.stderr);
  const tokens = [before.stdout.trim(), after.stdout.trim()];
  assertNotEquals(kidOf(tokens[0] ?? ""), kidOf(tokens[1] ?? ""));
  for (const held of [signingKey, next]) {
    const settings = readSettings({
      SLIPWAY_DATA: data.path,
      SLIPWAY_SIGNING_KEY: held,
    });
    const database = openDatabase(settings);
    const app = createApp({
      plugins: configure(settings),
      database,
      now: Date.now,
      fetch,
      log: silentLog,
    });
    for (const token of tokens) {
      const response = await app.fetch(
        new Request("http://slipway.test/v1/whoami", {
          headers: bearing(token),
        }),
      );
      await response.body?.cancel();
      assertEquals(response.status, 200);
    }
    app.close();
    database.close();
  }
});
