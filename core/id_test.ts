import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { sha256Hex, systemIds, uuidV7 } from "./id.ts";

Deno.test("uuidV7() holds the time, the version and the variant (RFC 9562, appendix A.6)", () => {
  const random = Uint8Array.fromHex("0cc318c4dc0c0c07398f");
  assertEquals(
    uuidV7(0x017f22e279b0, random),
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  );
});

Deno.test("ids are lowercase UUIDs whose order is their age", () => {
  let now = 1_700_000_000_000;
  const ids = systemIds(() => now++);
  const made = Array.from({ length: 50 }, () => ids.uuid());
  assertEquals(made.toSorted(), made);
  for (const id of made) {
    assertMatch(
      id,
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

Deno.test("secrets are 256 bits and never the same", () => {
  const ids = systemIds(() => 0);
  assertMatch(ids.secret(), /^[A-Za-z0-9_-]{43}$/);
  assertNotEquals(ids.secret(), ids.secret());
});

Deno.test("sha256Hex() is SHA-256", async () => {
  assertEquals(
    await sha256Hex("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
