import { assertEquals } from "@std/assert";
import { allows, roleOf, roles } from "./permission.ts";

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

Deno.test("a role is known by its permissions, in whichever order", () => {
  assertEquals(roleOf([...roles.owner].reverse()), "owner");
  assertEquals(roleOf([...roles.trigger, "tokens:manage"]), "owner");
  assertEquals(roleOf(["*:read", "*:read"]), "viewer");
  assertEquals(roleOf(["*:read", "runs:create"]), null);
  assertEquals(roleOf([]), null);
});
