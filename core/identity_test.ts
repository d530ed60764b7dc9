import { assert, assertEquals } from "@std/assert";
import { accountNameFault } from "./account.ts";
import { identityNames } from "./identity.ts";

const sha256 = "3f9a1c20d4e5".padEnd(64, "0");

Deno.test("people are named after their source and what they are called there", () => {
  const best = (shown: string) => identityNames("corp", shown, sha256)[0];
  assertEquals(best("alice"), "corp.alice");
  assertEquals(best("Alice.Smith"), "corp.alice.smith");
  assertEquals(best("alice@example.org"), "corp.alice-example.org");
  assertEquals(best("Älice Müller"), "corp.alice-muller");
  assertEquals(best("--alice--"), "corp.alice");
  assertEquals(best("愛"), "corp.3f9a1c20d4e5");
  assertEquals(best(""), "corp.3f9a1c20d4e5");
});

Deno.test("every name is one that an account may have, whatever people are called", () => {
  const source = "a".repeat(20);
  for (
    const shown of ["x".repeat(500), "é".repeat(99), "a\r\nb", ".", "a..b", "ǅ"]
  ) {
    const names = identityNames(source, shown, sha256);
    for (const name of names) assertEquals(accountNameFault(name), null, name);
    assert(names.at(-1)?.endsWith("3f9a1c20d4e5"));
  }
});
