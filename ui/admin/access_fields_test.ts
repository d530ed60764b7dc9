import { assertEquals, assertStringIncludes } from "@std/assert";
import { roles } from "../../core/permission.ts";
import { readAccess, toTyped } from "./access_fields.ts";

const loaded = ["prow", "autopkgtest"];

Deno.test("what a form is filled in with is read back as it was", () => {
  for (
    const access of [
      ...Object.values(roles).map((permissions) => ({
        permissions,
        limits: [],
      })),
      { permissions: [], limits: [] },
      {
        permissions: [...roles.trigger, "runs:read_private" as const],
        limits: [{ backends: ["prow"], jobs: ["a b-*", "nightly"] }],
      },
      { permissions: ["audit:read_all" as const], limits: [{ jobs: ["x"] }] },
    ]
  ) {
    const read = readAccess(toTyped(access).values, loaded);
    assertEquals(read, { access: { ...access }, faults: {} });
  }
});

Deno.test("a role is not shown as a smaller one with the rest beside it", () => {
  const { values } = toTyped({ permissions: roles.owner, limits: [] });
  assertEquals([values.role, values.further], ["owner", ""]);
});

Deno.test("each field says what is wrong with it", () => {
  const { access, faults } = readAccess({
    role: "boss",
    further: "runs:read everything",
    backends: "jenkins",
    jobs: "x".repeat(201),
  }, loaded);
  assertEquals(access, null);
  assertStringIncludes(faults.role ?? "", "viewer, trigger");
  assertStringIncludes(faults.further ?? "", "everything is not a permission");
  assertStringIncludes(faults.backends ?? "", 'There is no backend "jenkins"');
  assertStringIncludes(faults.jobs ?? "", "1 to 200 characters");
});

Deno.test("a list of permissions has an end", () => {
  const further = (count: number) =>
    readAccess({ further: "runs:read ".repeat(count) }, loaded);
  assertEquals(further(50).access?.permissions, ["runs:read"]);
  assertEquals(further(51).access, null);
  assertStringIncludes(further(51).faults.further ?? "", "more than 50");
});
