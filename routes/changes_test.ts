import { assertEquals, assertThrows } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { Changes } from "./changes.ts";

Deno.test("those who are not signed in take half of the places at most, and give them back", async () => {
  const changes = new Changes(
    { lastChangeOfAll: async () => await 0 },
    () => 0,
  );
  const left = new AbortController();
  const watched: Promise<IteratorResult<number>>[] = [];
  const watch = (isAnonymous: boolean, { signal } = new AbortController()) => {
    watched.push(changes.watch(0, signal, isAnonymous).next());
  };
  watch(true, left);
  for (let at = 1; at < 500; at++) watch(true);
  assertThrows(() => watch(true), ApiError, "sign in");
  for (let at = 0; at < 499; at++) watch(false);
  left.abort();
  await watched[0];
  watch(true);
  assertThrows(() => watch(true), ApiError, "500 who are not signed in");
  watch(false);
  assertThrows(() => watch(false), ApiError, "1000 watch already");
  changes.close();
  assertEquals((await Promise.all(watched)).every(({ done }) => done), true);
});
