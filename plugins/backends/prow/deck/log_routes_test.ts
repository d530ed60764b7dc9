import { assertEquals, assertMatch } from "@std/assert";
import { bodies, startDeck } from "../../../../tests/deck.ts";
import { user } from "../../../../tests/gangway.ts";

Deno.test("the log of a build can be read while it is written, whatever its size", async () => {
  await using rig = await startDeck();
  await rig.create(bodies.hello);
  const attempt = await rig.claim();
  await attempt.start();
  const path = `/log?job=hello&id=${attempt.number}`;
  assertEquals(await rig.text(path), "");
  await attempt.log("begun\n");
  assertEquals(await rig.text(path), "begun\n");
  assertEquals(await rig.text(`${path}&container=test`), "begun\n");
  const piece = `${"x".repeat(1024 * 1024 - 1)}\n`;
  await attempt.log(piece, 6);
  await attempt.log(piece, 6 + piece.length);
  assertEquals(await rig.text(path), `begun\n${piece}${piece}`);
});

Deno.test("a log is plain text that a browser does not take for anything else", async () => {
  await using rig = await startDeck();
  const { number } = await rig.run(bodies.hello);
  const response = await rig.app.request(`/log?job=hello&id=${number}`, {
    user,
  });
  await response.body?.cancel();
  assertMatch(response.headers.get("content-type") ?? "", /^text\/plain/);
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
});

const refusals: readonly (readonly [string, number, RegExp])[] = [
  ["", 400, /^request did not provide the 'job' query parameter\n$/],
  ["id=1", 400, /'job'/],
  ["job=&id=1", 400, /'job'/],
  ["job=hello", 400, /^request did not provide the 'id' query parameter\n$/],
  ["job=other&id=1", 404, /^Log not found: error getting prowjob: prowjob not/],
  ["job=hello&id=99", 404, /^Log not found/],
  ["job=hello&id=x", 404, /^Log not found/],
  ["job=hello&id=-1", 404, /^Log not found/],
  ["job=hello&id=1e0", 404, /^Log not found/],
  ["job=hello&id=2", 404, /^Log not found: the job has not begun yet/],
];

for (const [query, status, message] of refusals) {
  Deno.test(`/log?${query} is a ${status}`, async () => {
    await using rig = await startDeck();
    await rig.run(bodies.hello);
    await rig.create(bodies.hello);
    assertMatch(await rig.text(`/log?${query}`, status), message);
  });
}
