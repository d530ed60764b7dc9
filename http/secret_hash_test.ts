import { sha256 } from "@noble/hashes/sha2.js";
import { assertEquals } from "@std/assert";
import { sha256Hex } from "../core/id.ts";
import { hashSecret } from "./secret_hash.ts";

Deno.test("hashSecret() is SHA-256, whichever implementation there is", async () => {
  for (const text of ["", "abc", "eyJ".repeat(150), "\u00e9\u{1f600}"]) {
    const hash = await sha256Hex(text);
    assertEquals(hashSecret(text), hash);
    assertEquals(sha256(new TextEncoder().encode(text)).toHex(), hash);
  }
});
