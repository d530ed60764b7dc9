import { assertEquals } from "@std/assert";
import { roles } from "./permission.ts";
import type { Principal } from "./principal.ts";
import { mayRead, readPrivate } from "./visibility.ts";

const alices = { isPrivate: true, owner: { account: 1, name: "alice" } };

function reader(
  account: number,
  permissions: Principal["permissions"],
): Principal {
  return {
    kind: "user",
    account,
    name: "r",
    permissions,
    via: "t",
    credential: "c",
  };
}

Deno.test("a private run is its owner's, and whose sight of private runs was granted", () => {
  const seen = [
    reader(1, roles.viewer),
    reader(2, roles.viewer),
    reader(2, roles.trigger),
    reader(2, [...roles.viewer, readPrivate]),
    reader(2, roles.admin),
    null,
  ].map((each) => mayRead(alices, each));
  assertEquals(seen, [true, false, false, true, true, false]);
});

Deno.test("a public run is everybody's", () => {
  assertEquals(mayRead({ ...alices, isPrivate: false }, null), true);
});
