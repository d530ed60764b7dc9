import { assertThrows } from "@std/assert";
import { ApiError } from "./error.ts";
import { requireGrantable } from "./granting.ts";
import { type Permission, roles } from "./permission.ts";

const granter = (...permissions: Permission[]) => ({ permissions, limits: [] });

Deno.test("nobody gives what they may not do themselves", () => {
  requireGrantable(granter("*:*"), roles.admin);
  requireGrantable(granter("*:read", "runs:*"), ["runs:admin", "*:read"]);
  for (
    const [has, gives] of [
      ["accounts:manage", "*:*"],
      ["accounts:*", "runs:read"],
      ["runs:*", "*:read"],
      ["*:read", "runs:*"],
      ["*:read", "runs:read_private"],
    ] as const
  ) {
    assertThrows(
      () => requireGrantable(granter(has), [gives]),
      ApiError,
      gives,
    );
  }
});

Deno.test("who is limited to some work gives nothing, since what is given has no such limit", () => {
  const limited = { permissions: roles.admin, limits: [{ jobs: ["a-*"] }] };
  assertThrows(() => requireGrantable(limited, []), ApiError, "jobs a-*");
});
