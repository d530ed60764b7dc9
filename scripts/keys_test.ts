import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { importKeySet } from "../plugins/auth/bearer/key_set.ts";
import { readKeysArguments } from "./keys.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";

Deno.test("keys are listed, rotated and retired, and a rotation says what hangs on the old key", async () => {
  await using data = await makeDataFolder();
  for (let i = 0; i < 3; i++) await data.run("token.ts", ["--group=bots"]);
  const first = await data.run("keys.ts", ["list"]);
  assertEquals(first.code, 0, first.stderr);
  const [old = "", state, , live] = first.stdout.trim().split("\t");
  assertEquals([state, live], ["active", "3"]);

  const active = await data.run("keys.ts", ["retire", old]);
  assertEquals(active.code, 1);
  assertStringIncludes(active.stderr, "it is the one that signs");

  const rotated = await data.run("keys.ts", ["rotate"]);
  assertEquals([rotated.code, rotated.stdout], [0, ""]);
  assertStringIncludes(
    rotated.stderr,
    `${old}, still vouches for 3 live tokens`,
  );
  const file = `${data.path}/signing_key.json`;
  assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  const left = [...Deno.readDirSync(data.path)].map(({ name }) => name)
    .filter((name) => name.startsWith("signing_key"));
  assertEquals(left.toSorted(), ["signing_key.json", "signing_key.lock"]);

  await data.run("token.ts", ["--group=bots"]);
  const both = (await data.run("keys.ts", ["list"])).stdout.trim().split("\n")
    .map((line) => line.split("\t"));
  assertEquals(
    both.map(([kid, state, , live]) => [kid === old, state, live]),
    [[false, "active", "1"], [true, "verify-only", "3"]],
  );

  const retired = await data.run("keys.ts", ["retire", old]);
  assertEquals(retired.code, 0, retired.stderr);
  assertStringIncludes(retired.stderr, "with it 3 live tokens");
  const held = await importKeySet(await Deno.readTextFile(file));
  assertEquals(held.verifyOnly, []);
});

Deno.test("of many rotations at once none is lost", async () => {
  await using data = await makeDataFolder();
  await data.run("keys.ts", ["list"]);
  const ended = await Promise.all(
    Array.from({ length: 4 }, () => data.run("keys.ts", ["rotate"])),
  );
  assertEquals(ended.map(({ code }) => code), [0, 0, 0, 0]);
  const { verifyOnly } = await importKeySet(
    await Deno.readTextFile(`${data.path}/signing_key.json`),
  );
  assertEquals(verifyOnly.length, 4);
});

Deno.test("readKeysArguments() says what there is to do", () => {
  const kid = `-${"k".repeat(42)}`;
  assertEquals(readKeysArguments(["retire", kid]), { action: "retire", kid });
  for (
    const args of [[], ["rotat"], ["list", "x"], ["retire"], ["retire", "x"]]
  ) {
    assertThrows(() => readKeysArguments(args), UsageError, "Cannot");
  }
});
