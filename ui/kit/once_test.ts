import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { ApiError } from "../../core/error.ts";
import { uuidV7 } from "../../core/id.ts";
import { onceId } from "./once.tsx";

const form = (id: string) => new URLSearchParams({ form_id: id });
const now = Date.UTC(2026, 0, 2);
const id = uuidV7(now, new Uint8Array(10).fill(255));

Deno.test("a form makes the same thing however often it is sent, and no other form or account does", () => {
  const made = onceId(form(id), 1);
  assertEquals(onceId(form(id), 1), made);
  assertNotEquals(made, id);
  assertNotEquals(onceId(form(id), 2), made);
  const other = uuidV7(now, new Uint8Array(10));
  assertNotEquals(onceId(form(other), 1), made);
  assertEquals(made.slice(0, 15), `${id.slice(0, 14)}7`);
});

Deno.test("a form that names itself badly makes nothing", () => {
  for (const bad of ["", "x", id.toUpperCase(), id.replace("-7", "-4")]) {
    const error = assertThrows(() => onceId(form(bad), 1), ApiError);
    assertEquals(error.code, "invalid");
  }
});
