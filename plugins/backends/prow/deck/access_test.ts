import { assertEquals } from "@std/assert";
import { bodies, type DeckRig, startDeck } from "../../../../tests/deck.ts";

const secret = "secret-job";

/** hello, build 1, of all; and a private run of bob's, build 2. */
async function startPrivate(
  options: Parameters<typeof startDeck>[0] = {},
): Promise<DeckRig & { readonly id: string; readonly hello: string }> {
  const rig = await startDeck(options);
  const { id: hello } = await rig.run(bodies.hello);
  const header = (await rig.app.signIn("bob"))["test-user"] ?? "";
  const [run] = await rig.app.app.store.runs.submit("prow", {
    account: Number(header.split("-").at(-1)),
    name: "bob",
  }, [{
    job: secret,
    request: { type: "periodic" },
    task: { type: "periodic" },
    labels: { backend: "prow", cluster: "default" },
    isPrivate: true,
    outcome: { state: "failed", message: "" },
  }]);
  return { ...rig, id: run?.id ?? "", hello };
}

type Places = { readonly id: string; readonly hello: string };

/** Every way to read; `true` where the run itself is asked for, so that who may not see it gets a 404. */
const reads: readonly (readonly [(places: Places) => string, boolean])[] = [
  [({ id }) => `/prowjob?prowjob=${id}`, true],
  [({ id }) => `/rerun?prowjob=${id}`, true],
  [() => `/log?job=${secret}&id=2`, true],
  [() => `/job-history/gs/slipway/logs/${secret}`, true],
  [() => `/view/gs/slipway/logs/${secret}/2`, true],
  [() => `/storage/slipway/logs/${secret}`, true],
  [() => `/storage/slipway/logs/${secret}/latest-build.txt`, true],
  [() => `/storage/slipway/logs/${secret}/2`, true],
  [() => `/storage/slipway/logs/${secret}/2/build-log.txt`, true],
  [() => "/prowjobs.js", false],
  [() => "/data.js", false],
  [() => "/data.js?limit=5", false],
  [() => "/badge.svg?jobs=*", false],
  [() => `/badge.svg?jobs=${secret}`, false],
];

for (const [pathOf, isAsked] of reads) {
  const name = pathOf({ id: "ID", hello: "ID" });
  Deno.test(`GET ${name} shows a private run to its owner and administrators only`, async () => {
    await using rig = await startPrivate();
    const read = async (user: string, role?: "admin" | "viewer") => {
      const options = role ? { user, role } : { user };
      const response = await rig.app.request(pathOf(rig), options);
      const text = await response.text();
      return [response.status, text.includes(secret)];
    };
    const isNamed = !/build-log|latest-build|\/log\?/.test(name);
    const seen = [200, isNamed];
    assertEquals(await read("bob"), seen);
    assertEquals(await read("bob", "viewer"), seen);
    assertEquals(await read("alice", "admin"), seen);
    const [status, leaks] = await read("alice");
    assertEquals(status, isAsked ? 404 : 200);
    if (!isAsked) assertEquals(leaks, false);
  });
}

for (const endpoint of ["/rerun", "/abort"]) {
  Deno.test(`POST ${endpoint} does not tell that a private run is there`, async () => {
    await using rig = await startPrivate();
    const answer = async (id: string) => {
      const response = await rig.app.request(`${endpoint}?prowjob=${id}`, {
        user: "alice",
        method: "POST",
      });
      return [response.status, (await response.text()).replaceAll(id, "ID")];
    };
    const none = "00000000-0000-7000-8000-000000000000";
    assertEquals(await answer(rig.id), await answer(none));
  });
}

const open: readonly ((places: Places) => string)[] = [
  ({ hello }) => `/prowjob?prowjob=${hello}`,
  ({ hello }) => `/rerun?prowjob=${hello}`,
  () => "/prowjobs.js",
  () => "/data.js",
  () => "/log?job=hello&id=1",
  () => "/badge.svg?jobs=*",
  () => "/job-history/gs/slipway/logs/hello",
  () => "/view/gs/slipway/logs/hello/1",
  () => "/storage/slipway/logs/hello/1/build-log.txt",
];

for (const pathOf of open) {
  const name = pathOf({ id: "ID", hello: "ID" });
  Deno.test(`GET ${name} is for who is signed in, and for everybody where Deck is public`, async () => {
    for (const publicDeck of [false, true]) {
      await using rig = await startPrivate({ publicDeck });
      const response = await rig.app.request(pathOf(rig));
      const text = await response.text();
      assertEquals(response.status, publicDeck ? 200 : 401);
      assertEquals(text.includes(secret), false);
    }
  });
}

for (const [pathOf, isAsked] of reads) {
  if (!isAsked) continue;
  Deno.test(`GET ${pathOf({ id: "ID", hello: "ID" })} shows no private run where Deck is public`, async () => {
    await using rig = await startPrivate({ publicDeck: true });
    const response = await rig.app.request(pathOf(rig));
    assertEquals(response.status, 404, await response.text());
  });
}

for (const endpoint of ["/rerun", "/abort"]) {
  Deno.test(`POST ${endpoint} takes signing in, and more than reading, also where Deck is public`, async () => {
    await using rig = await startPrivate({ publicDeck: true });
    const post = async (options: Parameters<typeof rig.app.request>[1]) => {
      const path = `${endpoint}?prowjob=${rig.hello}`;
      const response = await rig.app.request(path, {
        method: "POST",
        ...options,
      });
      await response.body?.cancel();
      return response.status;
    };
    assertEquals(await post({}), 401);
    assertEquals(await post({ user: "alice", role: "viewer" }), 403);
  });
}

Deno.test("a refusal is in plain words, and says how to sign in", async () => {
  await using rig = await startDeck();
  const response = await rig.app.request("/data.js");
  const text = await response.text();
  assertEquals(response.status, 401);
  assertEquals(response.headers.get("www-authenticate"), "Test-User");
  assertEquals(text.startsWith("Cannot tell who asks: "), true, text);
});
