import { assertEquals } from "@std/assert";
import {
  allows,
  isPermission,
  type Permission,
} from "../../../core/permission.ts";
import { narrow, parseScope } from "./scope.ts";

const some: Permission[] = [
  "*:*",
  "*:read",
  "*:create",
  "runs:*",
  "runs:read",
  "tests:read",
  "tests:create",
];

Deno.test("narrow() allows exactly what both lists allow", () => {
  for (const one of some) {
    for (const other of some) {
      const both = narrow([one], [other]);
      for (const resource of ["runs", "tests", "jobs"]) {
        for (const verb of ["read", "create", "cancel"]) {
          const wanted: Permission = `${resource}:${verb}`;
          assertEquals(
            allows(both, wanted),
            allows([one], wanted) && allows([other], wanted),
            `${one} with ${other}: ${wanted}`,
          );
        }
      }
    }
  }
});

Deno.test("narrow() with an empty scope allows nothing", () => {
  assertEquals(narrow(["*:*"], []), []);
});

Deno.test("narrow() names each permission once", () => {
  assertEquals(narrow(["*:read", "runs:*"], ["runs:read"]), ["runs:read"]);
});

Deno.test("isPermission() takes a resource and a verb, either may be a star", () => {
  const good = ["runs:read", "*:read", "runs:*", "*:*", "log_chunks:read"];
  assertEquals(good.filter(isPermission), good);
  const bad = ["", "runs", "runs:", ":read", "Runs:read", "runs:re*", "a:b:c"];
  assertEquals(bad.filter(isPermission), []);
});

Deno.test("parseScope() drops what is no permission", () => {
  assertEquals(parseScope("runs:read openid  tests:*"), [
    "runs:read",
    "tests:*",
  ]);
  assertEquals(parseScope(""), []);
});
