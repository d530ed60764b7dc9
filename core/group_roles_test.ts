import { assertEquals } from "@std/assert";
import { groupRoles, permissionsOf } from "./group_roles.ts";

const granted = groupRoles.parse({
  developers: "viewer",
  release: ["executions:create", "*:read"],
});

Deno.test("groups add up, each permission once", () => {
  assertEquals(permissionsOf(["developers", "release"], granted, undefined), [
    "*:read",
    "executions:create",
  ]);
  assertEquals(permissionsOf([], granted, ["runs:read"]), ["runs:read"]);
});

Deno.test("a group that is not named gives nothing, whatever it is called", () => {
  for (const group of ["others", "Developers", "__proto__", "constructor"]) {
    assertEquals(permissionsOf([group], granted, undefined), []);
  }
});
