import { assertEquals } from "@std/assert";
import { allows, roles } from "./permission.ts";

Deno.test("allows() needs resource and verb, either of which may be granted by *", () => {
  assertEquals(allows(["executions:create"], "executions:create"), true);
  assertEquals(allows(["executions:read"], "executions:create"), false);
  assertEquals(allows(["*:read"], "tests:read"), true);
  assertEquals(allows(["*:read"], "tests:create"), false);
  assertEquals(allows(["tests:*"], "tests:create"), true);
  assertEquals(allows(["tests:*"], "executions:create"), false);
  assertEquals(allows([], "runs:read"), false);
});

Deno.test("the trigger role administers nothing", () => {
  assertEquals(allows(roles.trigger, "runs:admin"), false);
  assertEquals(allows(roles.admin, "runs:admin"), true);
});
