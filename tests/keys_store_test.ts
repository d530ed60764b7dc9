import { assert, assertEquals } from "@std/assert";
import { openEmbedded } from "../db/embedded.ts";
import { openRemote } from "../db/remote.ts";
import { startKeyWorld } from "./key_world.ts";
import { startSqld } from "./sqld.ts";

Deno.test("revoked keys of long ago are forgotten, so that the list stays short", async () => {
  await using world = await startKeyWorld();
  const [alice, bob] = [await world.user("alice"), await world.user("bob")];
  const others = await world.made(bob);
  await world.revoke(bob, others.id);
  const live = await world.made(alice, "stays");
  for (let made = 0; made < 55; made++) {
    world.advance(1000);
    const { id } = await world.made(alice, String(made));
    await world.revoke(alice, id);
  }
  world.advance(1000);
  await world.made(alice, "last");
  const names = (await world.list(alice)).map((key) => key.description);
  assertEquals(names.slice(0, 2), ["last", "54"]);
  assertEquals(names.slice(-2), ["5", "stays"]);
  assertEquals(names.length, 52);
  assertEquals(await world.check(live.key), 200);
  assertEquals((await world.list(bob)).length, 1);
});

const drivers = {
  "embedded file": async () => {
    const directory = await Deno.makeTempDir({ prefix: "slipway-keys-" });
    return {
      database: openEmbedded(`${directory}/slipway.db`),
      [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
    };
  },
  "sqld": async () => {
    const sqld = await startSqld();
    return {
      database: openRemote({ url: sqld.url }),
      [Symbol.asyncDispose]: () => sqld[Symbol.asyncDispose](),
    };
  },
};

for (const [driver, open] of Object.entries(drivers)) {
  Deno.test(`${driver}: an account has at most 50 live keys, however many are asked for at once`, async () => {
    await using opened = await open();
    await using world = await startKeyWorld({ database: opened.database });
    const bots = await world.token();
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => world.make(bots)),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const statuses = answers.map(({ status }) => status).toSorted();
    assertEquals(statuses, [...Array(50).fill(201), ...Array(10).fill(409)]);
    assert(texts.some((text) => text.includes("has 50 live keys; revoke one")));
    const [first] = await world.list(bots);
    assertEquals(await world.revoke(bots, first?.id ?? ""), 204);
    const { key } = await world.made(bots);
    assertEquals(await world.check(key), 200);
    assertEquals((await world.make(bots)).status, 409);
  });

  Deno.test(`${driver}: a key's last use is in the list, to the minute, and revoking ends it`, async () => {
    await using opened = await open();
    await using world = await startKeyWorld({ database: opened.database });
    const bots = await world.token();
    const { id, key } = await world.made(bots);
    const lastUse = async () => (await world.list(bots))[0]?.last_used_at;
    assertEquals(await lastUse(), null);
    await Promise.all(Array.from({ length: 8 }, () => world.check(key)));
    assertEquals(await lastUse(), "2026-01-02T03:04:05.000Z");
    world.advance(59_999);
    await world.check(key);
    assertEquals(await lastUse(), "2026-01-02T03:04:05.000Z");
    world.advance(1);
    await world.check(key);
    assertEquals(await lastUse(), "2026-01-02T03:05:05.000Z");
    assertEquals(await world.revoke(bots, id), 204);
    world.advance(60_000);
    assertEquals(await world.check(key), 403);
    assertEquals(await lastUse(), "2026-01-02T03:05:05.000Z");
  });
}
