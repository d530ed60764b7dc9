import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bodies, type DeckRig, startDeck } from "../../../../tests/deck.ts";
import { user } from "../../../../tests/gangway.ts";

const failed = { kind: "exited", exitCode: 1 } as const;

/** hello failed and then passed; verify failed, and runs again; publish failed, and was cancelled then; free waits. */
async function startBadges(): Promise<DeckRig> {
  const rig = await startDeck();
  await rig.run(bodies.hello, failed);
  await rig.run(bodies.hello);
  await rig.run(bodies.verify, failed);
  await rig.create(bodies.verify);
  await (await rig.claim()).start();
  await rig.run(bodies.publish, failed);
  await rig.run(bodies.publish, { kind: "cancelled" });
  await rig.create(bodies.free);
  return rig;
}

const cases: readonly (readonly [string, string])[] = [
  ["hello", "passing"],
  ["hell*", "passing"],
  ["verify", "failing verify"],
  ["publish", "failing publish"],
  ["free", "no results"],
  ["nothing,no*", "no results"],
  ["hello,*", "failing publish, verify"],
  ["[h-p]*", "failing publish"],
  ["hello,[", "passing"],
];

for (const [jobs, text] of cases) {
  Deno.test(`the badge of ${jobs} says ${text}`, async () => {
    await using rig = await startBadges();
    const path = `/badge.svg?jobs=${encodeURIComponent(jobs)}`;
    assertStringIncludes(await rig.text(path), `aria-label="build: ${text}"`);
  });
}

Deno.test("a badge that has not changed is not sent again", async () => {
  await using rig = await startDeck();
  await rig.run(bodies.hello);
  const ask = async (etag = "") => {
    const headers = { "if-none-match": etag };
    const path = "/badge.svg?jobs=hello";
    const response = await rig.app.request(path, { user, headers });
    await response.body?.cancel();
    return response;
  };
  const first = await ask();
  const etag = first.headers.get("etag") ?? "";
  assertMatch(etag, /^"[0-9a-f]{64}"$/);
  assertEquals(first.headers.get("content-type"), "image/svg+xml");
  assertEquals((await ask(`"x", W/${etag}`)).status, 304);
  await rig.run(bodies.hello, failed);
  assertEquals((await ask(etag)).status, 200);
});

for (const jobs of ["", Array(21).fill("a").join(","), "x".repeat(2001)]) {
  Deno.test(`a badge of ${jobs.length} characters of jobs is a 400`, async () => {
    await using rig = await startDeck();
    assertMatch(await rig.text(`/badge.svg?jobs=${jobs}`, 400), /jobs/);
  });
}
