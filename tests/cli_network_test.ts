import { assertEquals, assertStringIncludes } from "@std/assert";
import { brokenOff, startCliWorld } from "./cli_world.ts";

Deno.test("a run whose answer is lost is not made twice", async () => {
  await using world = await startCliWorld();
  const keys: (string | null)[] = [];
  world.network = async (request, answer) => {
    if (request.method !== "POST" || !request.url.endsWith("/executions")) {
      return await answer();
    }
    keys.push(request.headers.get("idempotency-key"));
    const response = await answer();
    return keys.length <= 2 ? brokenOff(response) : response;
  };
  const { code, stdout, stderr } = await world.slipway(["run", "pass", "-w"]);
  assertEquals([code, stdout], [0, "hello\n"], stderr);
  assertEquals([keys.length, new Set(keys).size], [3, 1]);
  assertStringIncludes(stderr, "the connection broke off; trying again");
  assertEquals((await world.app.app.store.runs.list({ limit: 9 })).length, 1);
});

Deno.test("when nobody knows whether a run is made, the same key finds out", async () => {
  await using world = await startCliWorld();
  world.network = async (request, answer) => {
    const response = await answer();
    return request.method === "POST" && request.url.endsWith("/executions")
      ? brokenOff(response)
      : response;
  };
  const { code, stderr } = await world.slipway([
    "run",
    "pass",
    "--retry-for",
    "0",
  ]);
  assertEquals(code, 3);
  const key = /--idempotency-key (\S+)/.exec(stderr)?.[1] ?? "";
  world.network = (_request, answer) => answer();
  const again = await world.slipway(["run", "pass", "--idempotency-key", key]);
  assertEquals([again.code, again.stdout], [0, "1\n"]);
  assertEquals((await world.app.app.store.runs.list({ limit: 9 })).length, 1);
});

Deno.test("following goes on where the stream broke off, with nothing lost or twice", async () => {
  await using world = await startCliWorld();
  const resumed: (string | null)[] = [];
  world.network = async (request, answer) => {
    const response = await answer();
    if (!request.url.endsWith("/events")) return response;
    resumed.push(request.headers.get("last-event-id"));
    return resumed.length <= 3 ? brokenAfter(response, 2) : response;
  };
  const { code, stdout, stderr } = await world.slipway(["run", "count", "-w"]);
  const lines = [1, 2, 3, 4, 5, 6].map((number) => `line ${number}\n`).join("");
  assertEquals([code, stdout], [0, lines], stderr);
  assertEquals(resumed[0], null);
  assertEquals(
    resumed.slice(1).every((id) => /^\d+\.\w+\.\d+$/.test(id ?? "")),
    true,
  );
  assertStringIncludes(stderr, "going on as soon as it answers");
});

Deno.test("Retry-After is waited for, and not when it is too long", async () => {
  await using world = await startCliWorld();
  const asked: number[] = [];
  let retryAfter = "1";
  world.network = async (request, answer) => {
    if (!request.url.includes("/v1/whoami")) return await answer();
    asked.push(performance.now());
    if (asked.length > 1 && retryAfter === "1") return await answer();
    return new Response('{"detail": "too many"}', {
      status: 429,
      headers: { "retry-after": retryAfter, "x-request-id": "1" },
    });
  };
  const patient = await world.slipway(["whoami"]);
  assertEquals([patient.code, patient.stdout], [0, "group:bots\n"]);
  assertEquals(asked.length, 2);
  assertEquals((asked[1] ?? 0) - (asked[0] ?? 0) >= 990, true);
  retryAfter = "3600";
  const { code, stderr } = await world.slipway(["whoami"]);
  assertEquals([code, stderr, asked.length], [3, "too many\n", 3]);
});

Deno.test("a redirect is not followed: the credential is for one server", async () => {
  await using world = await startCliWorld();
  await using other = await startCliWorld();
  let isAsked = false;
  other.network = (request, answer) => {
    isAsked ||= request.url.includes("whoami");
    return answer();
  };
  world.network = (request, answer) =>
    request.url.includes("whoami")
      ? Promise.resolve(Response.redirect(`${other.url}/v1/whoami`, 307))
      : answer();
  const { code, stderr } = await world.slipway(["whoami"]);
  assertEquals([code, isAsked], [3, false]);
  assertStringIncludes(stderr, `redirects to ${other.url}`);
});

Deno.test("doctor tells a server that is not Slipway, and sends it no credential", async () => {
  await using world = await startCliWorld();
  world.network = () => Promise.resolve(new Response("It works!"));
  const { code, stderr } = await world.slipway(["doctor"]);
  assertEquals(code, 2, stderr);
  assertStringIncludes(stderr, "is the URL right?");
  assertEquals(stderr.includes("credential:"), false);
});

/** An answer that breaks off after so many of its pieces. */
function brokenAfter(answer: Response, pieces: number): Response {
  const reader = answer.body?.getReader();
  let left = pieces;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await reader?.read();
      if (left-- > 0 && next?.value) return controller.enqueue(next.value);
      await reader?.cancel();
      controller.error(new Error("lost"));
    },
    cancel: () => reader?.cancel(),
  }, { highWaterMark: 0 });
  return new Response(body, answer);
}
