import { assertEquals } from "@std/assert";
import { systemIds } from "../core/id.ts";
import { silentLog } from "../core/log.ts";
import { dummy } from "../plugins/backends/dummy/executor.ts";
import { eventually } from "../tests/eventually.ts";
import { Client } from "./client.ts";
import { systemClock } from "./clock.ts";
import { runLoop } from "./loop.ts";
import { type Asked, startScriptedServer } from "./testing/scripted_server.ts";

const intervals = {
  claimWaitSeconds: 0.01,
  heartbeatSeconds: 20,
  leaseSeconds: 60,
  logFlushMs: 5,
};

/** What a runner asks, as `path token`, of a server with these intervals that answers renewals so. */
async function askedOf(
  renewSeconds: number | undefined,
  renew: (count: number) => Response,
  enough: (asked: readonly Asked[]) => boolean,
): Promise<string[]> {
  let [renewals, registrations] = [0, 0];
  await using server = startScriptedServer((asked) => {
    if (asked.path.endsWith("/register")) {
      const token = `registered-${++registrations}`;
      const known = { runnerId: "r", token };
      return Response.json({
        ...known,
        intervals: {
          ...intervals,
          ...renewSeconds === undefined ? {} : { renewSeconds },
        },
      });
    }
    if (asked.path.endsWith("/renew")) return renew(++renewals);
    return new Response(null, { status: 204 });
  });
  const drain = new AbortController();
  const lent = {
    clock: systemClock,
    now: Date.now,
    random: () => 0.01,
    log: silentLog,
  };
  const done = runLoop({
    ...lent,
    client: new Client({ ...lent, serverUrl: server.url, fetch }),
    registrationToken: "registration-token",
    name: "test",
    version: "test",
    uuid: systemIds(Date.now).uuid,
    executors: [dummy],
    host: { arch: "amd64", env: {} },
    slots: 1,
    drain: drain.signal,
    shutdown: new AbortController().signal,
  });
  await eventually(() => enough(server.asked), "the runner asks too little");
  drain.abort();
  await done;
  return server.asked.map(({ path, headers }) =>
    `${path.split("/").at(-1)} ${
      headers.get("authorization")?.replace("Bearer ", "")
    }`
  );
}

function claims(count: number) {
  return (asked: readonly Asked[]) =>
    asked.filter(({ path }) => path.endsWith("/claim")).length >= count;
}

Deno.test("a runner renews its token when the server says it is old, and claims with the new one", async () => {
  const asked = await askedOf(
    0,
    (count) => Response.json({ token: `renewed-${count}` }),
    claims(2),
  );
  assertEquals(asked.slice(0, 5), [
    "register registration-token",
    "renew registered-1",
    "claim renewed-1",
    "renew renewed-1",
    "claim renewed-2",
  ]);
});

Deno.test("a runner whose token is refused at its renewal registers again", async () => {
  const asked = await askedOf(
    0,
    () =>
      Response.json({ detail: "no", code: "unauthenticated" }, { status: 401 }),
    claims(1),
  );
  assertEquals(asked.slice(0, 4), [
    "register registration-token",
    "renew registered-1",
    "register registration-token",
    "claim registered-2",
  ]);
});

Deno.test("a server that says nothing of renewals is asked for none", async () => {
  const asked = await askedOf(undefined, () => Response.json({}), claims(2));
  assertEquals(asked.filter((each) => each.startsWith("renew")), []);
});
