import { assertEquals } from "@std/assert";
import { expand } from "./expansion.ts";

const variables = new Map([["A", "a"], ["B", "$(A)"], ["EMPTY", ""]]);

const cases = [
  ["$(A)", "a"],
  ["x$(A)$(A)y", "xaay"],
  ["$(B)", "$(A)"],
  ["[$(EMPTY)]", "[]"],
  ["$(MISSING)", "$(MISSING)"],
  ["$$(A)", "$(A)"],
  ["$$$(A)", "$a"],
  ["$$", "$"],
  ["$A ${A} $(", "$A ${A} $("],
  ["$()", "$()"],
  ["$(__proto__)", "$(__proto__)"],
] as const;

for (const [text, expected] of cases) {
  Deno.test(`expand() makes ${text} to ${expected}`, () => {
    assertEquals(expand(text, variables), expected);
  });
}
