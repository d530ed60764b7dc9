import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { silentLog } from "../core/log.ts";
import { Refused, StaleAttempt } from "./call.ts";
import { Client } from "./client.ts";
import { FakeClock } from "./testing/fake_clock.ts";
import {
  brokenAnswer,
  inTurn,
  problemAnswer,
  type Respond,
  type ScriptedServer,
  startScriptedServer,
} from "./testing/scripted_server.ts";
import { assignment, lease } from "./testing/shipper_rig.ts";

const claimBody = {
  claimId: "0193e0c0-0000-7000-8000-000000000000",
  offers: [{ backend: ["dummy"] }],
  waitSeconds: 1,
};
const never = new AbortController().signal;

function clientFor(serverUrl: string, clock = new FakeClock()): Client {
  return new Client({
    serverUrl,
    fetch,
    clock,
    now: () => 0,
    random: () => 1,
    log: silentLog,
  });
}

async function withServer(
  respond: Respond,
  test: (
    client: Client,
    server: ScriptedServer,
    clock: FakeClock,
  ) => Promise<void>,
) {
  const clock = new FakeClock();
  await using server = startScriptedServer(respond);
  await test(clientFor(server.url, clock), server, clock);
}

const passing: readonly { name: string; answer: () => Response }[] = [
  { name: "a broken connection", answer: brokenAnswer },
  { name: "503", answer: () => problemAnswer(503, "unavailable") },
  { name: "429", answer: () => problemAnswer(429, "rate_limited") },
  { name: "408", answer: () => new Response(null, { status: 408 }) },
  {
    name: "a proxy's page with status 200",
    answer: () => new Response("<html>please sign in</html>"),
  },
  {
    name: "a proxy's page with status 404",
    answer: () => new Response("404 page not found", { status: 404 }),
  },
  {
    name: "JSON that is something else",
    answer: () => Response.json({ ok: true }),
  },
];

for (const { name, answer } of passing) {
  Deno.test(`a request is repeated after ${name}`, async () => {
    await withServer(
      inTurn(answer, answer, () => Response.json(lease)),
      async (client, server) => {
        assertEquals(await client.start(assignment), lease);
        assertEquals(server.asked.length, 3);
        for (const { method, path, headers } of server.asked) {
          assertEquals(
            [method, path, headers.get("authorization")],
            ["POST", "/runner/v1/runs/run-1/start", "Bearer attempt-token"],
          );
        }
      },
    );
  });
}

Deno.test("a request is repeated while nobody listens", async () => {
  // The port is taken on another address, so nobody can come to listen on this one.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const clock = new FakeClock();
  await assertRejects(
    () =>
      clientFor(`http://127.0.0.77:${listener.addr.port}`, clock).start(
        assignment,
      ),
    Error,
    "cannot be reached",
  );
  assert(clock.slept.length > 3);
});

Deno.test("Retry-After is honoured", async () => {
  await withServer(
    inTurn(
      () => problemAnswer(429, "rate_limited", { "retry-after": "33" }),
      () => Response.json(lease),
    ),
    async (client, _server, clock) => {
      await client.start(assignment);
      assertEquals(clock.slept, [33_000]);
    },
  );
});

Deno.test("a claim is repeated with the same claimId after a lost answer", async () => {
  await withServer(
    inTurn(brokenAnswer, () => Response.json(assignment)),
    async (client, server) => {
      assertEquals(await client.claim("t", claimBody, never), assignment);
      const ids = server.asked.map(({ body }) =>
        JSON.parse(new TextDecoder().decode(body)).claimId
      );
      assertEquals(ids, [claimBody.claimId, claimBody.claimId]);
    },
  );
});

Deno.test("a claim without work is null", async () => {
  await withServer(
    () => new Response(null, { status: 204 }),
    async (client) =>
      assertEquals(await client.claim("t", claimBody, never), null),
  );
});

Deno.test("an open claim ends with its signal", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  await withServer(() => {
    asked.resolve();
    return answer.promise;
  }, async (client) => {
    const stop = new AbortController();
    const claim = client.claim("t", claimBody, stop.signal);
    await asked.promise;
    stop.abort(new Error("draining"));
    await assertRejects(() => claim, Error, "draining");
    answer.resolve(new Response(null, { status: 204 }));
  });
});

Deno.test("stale_attempt is an error of its own, at once", async () => {
  await withServer(
    () => problemAnswer(409, "stale_attempt"),
    async (client, server) => {
      await assertRejects(
        () => client.heartbeat(assignment, never),
        StaleAttempt,
      );
      await assertRejects(() => client.start(assignment), StaleAttempt);
      await assertRejects(
        () =>
          client.result(
            assignment,
            { end: { kind: "cancelled" }, logBytes: 0 },
            never,
          ),
        StaleAttempt,
      );
      assertEquals(server.asked.length, 3);
    },
  );
});

Deno.test("Slipway's own refusal is not repeated, and its sentence is kept", async () => {
  await withServer(
    () => problemAnswer(401, "unauthenticated"),
    async (client, server) => {
      const error = await assertRejects(
        () => client.claim("t", claimBody, never),
        Refused,
        "Cannot: unauthenticated",
      );
      assertEquals(error.status, 401);
      assertEquals(server.asked.length, 1);
    },
  );
});

Deno.test("a redirect says what to set", async () => {
  await withServer(
    () =>
      new Response(null, {
        status: 308,
        headers: { location: "https://ci.example.org/runner/v1/register" },
      }),
    async (client) => {
      const error = await assertRejects(
        () =>
          client.register(
            "t",
            { name: "r", offers: [{}], version: "1" },
            never,
          ),
        Refused,
      );
      assertStringIncludes(error.message, "https://ci.example.org");
      assertStringIncludes(error.message, "SLIPWAY_URL");
    },
  );
});

Deno.test("a heartbeat is asked once", async () => {
  await withServer(
    () => problemAnswer(503, "unavailable"),
    async (client, server) => {
      await assertRejects(
        () => client.heartbeat(assignment, never),
        Error,
        "503",
      );
      assertEquals(server.asked.length, 1);
    },
  );
});

Deno.test("log bytes go with their place, and 416 says where to go on", async () => {
  await withServer(
    inTurn(
      () => Response.json(lease, { status: 202 }),
      () => problemAnswer(416, "wrong_offset", { range: "bytes=0-41" }),
      () => new Response(null, { status: 416 }),
    ),
    async (client, server) => {
      const bytes = new Uint8Array([1, 2, 3]);
      const log = () => client.log(assignment, 7, bytes, never);
      assertEquals(await log(), { kind: "stored", lease });
      assertEquals(await log(), { kind: "resume", start: 42 });
      assertEquals(await log(), { kind: "resume", start: 0 });
      assertEquals(
        server.asked[0]?.headers.get("content-range"),
        "bytes 7-9/*",
      );
      assertEquals(server.asked[0]?.body, bytes);
    },
  );
});

Deno.test("a result is offered for longer than ten minutes", async () => {
  const busy = () => problemAnswer(503, "unavailable");
  await withServer(
    inTurn(...Array.from({ length: 20 }, () => busy), () => Response.json({})),
    async (client, _server, clock) => {
      const body = { end: { kind: "cancelled" }, logBytes: 0 } as const;
      assertEquals(await client.result(assignment, body, never), {
        kind: "recorded",
      });
      assert(clock.elapsedMs() > 600_000);
    },
  );
});
