import { assertEquals } from "@std/assert";
import { applyBackspaces } from "./password_input.ts";

Deno.test("applyBackspaces() takes back whole letters, and nothing when there is none", () => {
  assertEquals(applyBackspaces("ab\x7fc"), "ac");
  assertEquals(applyBackspaces("\b\bx"), "x");
  assertEquals(applyBackspaces("a🐎\x7f"), "a");
});
