import { assert, assertEquals, assertGreater } from "@std/assert";
import { systemIds } from "../core/id.ts";
import { silentLog } from "../core/log.ts";
import { dummy } from "../plugins/backends/dummy/executor.ts";
import { eventually } from "../tests/eventually.ts";
import { Client } from "./client.ts";
import { systemClock } from "./clock.ts";
import { runLoop } from "./loop.ts";
import {
  type Asked,
  type ScriptedServer,
  startScriptedServer,
} from "./testing/scripted_server.ts";
import { assignment, lease } from "./testing/shipper_rig.ts";

const registration = {
  runnerId: "runner-1",
  token: "runner-token",
  intervals: {
    claimWaitSeconds: 50,
    heartbeatSeconds: 20,
    leaseSeconds: 60,
    logFlushMs: 5,
  },
};

/** A server whose claims are answered by the test. */
function serve(claim: (asked: Asked) => Response): ScriptedServer {
  return startScriptedServer((asked) => {
    if (asked.path.endsWith("/register")) return Response.json(registration);
    if (asked.path.endsWith("/claim")) return claim(asked);
    return Response.json(lease);
  });
}

function run(server: ScriptedServer) {
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
    host: { arch: "amd64", env: { DUMMY_COLOUR: "red" } },
    slots: 1,
    drain: drain.signal,
    shutdown: new AbortController().signal,
  });
  return {
    stop: async () => {
      drain.abort();
      await done;
    },
  };
}

function asked(server: ScriptedServer, verb: string): readonly Asked[] {
  return server.asked.filter(({ path }) => path.endsWith(`/${verb}`));
}

const nothing = () => new Response(null, { status: 204 });

const unfit = [
  { ...assignment, run: { ...assignment.run, backend: "prow" } },
  { ...assignment, labels: { backend: "dummy", colour: "blue" } },
];

for (const strange of unfit) {
  Deno.test(`a run that no executor fits is given back: ${JSON.stringify(strange.labels)} of ${strange.run.backend}`, async () => {
    let isFirst = true;
    await using server = serve(() => {
      if (!isFirst) return nothing();
      isFirst = false;
      return Response.json(strange);
    });
    const loop = run(server);
    await eventually(
      () => asked(server, "release").length > 0,
      "it is not given back",
    );
    await eventually(
      () => asked(server, "claim").length > 1,
      "the runner claims no more",
    );
    await loop.stop();
    assertEquals(asked(server, "start").length, 0);
    assertEquals(
      asked(server, "release")[0]?.headers.get("authorization"),
      "Bearer attempt-token",
    );
  });
}

Deno.test("a server that answers every claim at once with nothing is not hammered", async () => {
  await using server = serve(nothing);
  const loop = run(server);
  const startedAt = performance.now();
  await eventually(() => asked(server, "claim").length >= 3, "too few claims");
  assertGreater(performance.now() - startedAt, 900);
  await loop.stop();
});

Deno.test("a claimId is used until it has brought a run, and then never again", async () => {
  let count = 0;
  await using server = serve(() => {
    count++;
    return count === 2
      ? Response.json({ ...assignment, task: { do: { exit: 0 } } })
      : nothing();
  });
  const loop = run(server);
  await eventually(() => asked(server, "claim").length >= 3, "too few claims");
  await loop.stop();
  const [first, second, third] = asked(server, "claim").map(({ body }) =>
    JSON.parse(new TextDecoder().decode(body)).claimId
  );
  assert(first === second && second !== third);
  assertEquals(asked(server, "result").length, 1);
});
