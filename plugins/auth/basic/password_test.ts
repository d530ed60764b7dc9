import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  type Cost,
  hashPassword,
  newSalt,
  nobodysHash,
  passwordFault,
  verifyPassword,
} from "./password.ts";

const lowCost: Cost = { memoryKib: 64, passes: 1, lanes: 1 };

Deno.test("verifyPassword() agrees with the reference implementation's own vector", async () => {
  // phc-winner-argon2, src/test.c: version 0x13, t=2, m=2^8 KiB, p=1, "password" and "somesalt".
  const phc =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  assertEquals(await verifyPassword("password", phc), true);
  assertEquals(await verifyPassword("Password", phc), false);
});

Deno.test("hashPassword() makes another hash for each salt", async () => {
  const one = await hashPassword("hunter2hunter2", newSalt(), lowCost);
  const other = await hashPassword("hunter2hunter2", newSalt(), lowCost);
  assertMatch(one, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assertEquals(one === other, false);
  assertEquals(await verifyPassword("hunter2hunter2", one), true);
  assertEquals(await verifyPassword("hunter2hunter2", other), true);
});

Deno.test("hashPassword() costs what OWASP recommends unless told otherwise", async () => {
  const phc = await hashPassword("hunter2hunter2", newSalt());
  assertMatch(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

Deno.test("nobody's hash is one that no password opens", async () => {
  assertMatch(nobodysHash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$A{22}\$A{43}$/);
  assertEquals(await verifyPassword("", nobodysHash), false);
});

Deno.test("verifyPassword() does not take a hash of another kind for a password", async () => {
  for (
    const phc of ["", "plain", "$2b$10$abc", "$argon2i$v=19$m=1,t=1,p=1$a$b"]
  ) {
    await assertRejects(() => verifyPassword("plain", phc), TypeError);
  }
});

Deno.test("passwordFault() asks for length and nothing else", () => {
  for (
    const good of ["12345678", "pässwörd", "🐎🐎🐎🐎🐎🐎🐎🐎", " ".repeat(8)]
  ) {
    assertEquals(passwordFault(good), null);
  }
  for (
    const bad of ["", "1234567", "🐎🐎🐎🐎", "x".repeat(201), "with\ttab--"]
  ) {
    assertMatch(passwordFault(bad) ?? "", /^a password has /);
  }
});
