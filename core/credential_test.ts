import { assertEquals, assertStringIncludes } from "@std/assert";
import { badCredential, pasteFault } from "./credential.ts";

Deno.test("pasteFault() finds no fault in one plain word", () => {
  const plain = ["abc", "eyJ.a-b_c.d", "2f1d7c3a-0b1e", "sha256~abc", "a=b/c+"];
  for (const text of plain) assertEquals(pasteFault("key", text), null);
});

const faults: Record<string, string> = {
  "": "the key is empty",
  '"abc"': "in quotes",
  "abc'": "in quotes",
  "$KEY": "shell variable",
  "${KEY}": "shell variable",
  "<key>": "placeholder",
  "a b": "a space or a line break",
  "abc\u00e9": "characters in it that none has",
  "abc\x01": "characters in it that none has",
};

for (const [text, saying] of Object.entries(faults)) {
  Deno.test(`pasteFault() says what is wrong with ${JSON.stringify(text)}`, () => {
    assertStringIncludes(pasteFault("key", text) ?? "", saying);
  });
}

Deno.test("badCredential() is a 401 that starts alike for every scheme", () => {
  const error = badCredential("the key is empty");
  assertEquals(error.status, 401);
  assertEquals(error.message, "Cannot sign in: the key is empty");
});
