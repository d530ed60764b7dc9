import { assertEquals, assertThrows } from "@std/assert";
import { mayControl, mayRead, readPrivate, requireWithin } from "./access.ts";
import { ApiError } from "./error.ts";
import type { Limit } from "./limit.ts";
import { type Permission, roles } from "./permission.ts";
import type { Principal } from "./principal.ts";

const alices = {
  backend: "prow",
  job: "periodic-a",
  isPrivate: true,
  owner: { account: 1, name: "alice" },
};

function reader(
  account: number,
  permissions: readonly Permission[],
  limits: readonly Limit[] = [],
): Principal {
  return {
    kind: "user",
    account,
    name: "r",
    permissions,
    limits,
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

Deno.test("a public run is everybody's to see, and its owner's and the administrators' to stop", () => {
  const run = { ...alices, isPrivate: false };
  const readers = [
    reader(1, roles.trigger),
    reader(2, roles.trigger),
    reader(2, roles.admin),
  ];
  assertEquals(readers.map((each) => mayRead(run, each)), [true, true, true]);
  assertEquals(mayRead(run, null), true);
  assertEquals(readers.map((each) => mayControl(run, each)), [
    true,
    false,
    true,
  ]);
});

Deno.test("every limit must leave room for the work, for owners and administrators too", () => {
  const cases: readonly (readonly [readonly Limit[], boolean])[] = [
    [[{}], true],
    [[{ jobs: ["periodic-*"] }], true],
    [[{ jobs: ["periodic-*"] }, { jobs: ["*-b"] }], false],
    [[{ backends: ["autopkgtest"] }], false],
    [[{ backends: ["prow"], jobs: ["x", "*-a"] }], true],
    [[{ jobs: [] }], false],
  ];
  for (const [limits, isRoom] of cases) {
    const owner = reader(1, roles.admin, limits);
    assertEquals(mayRead(alices, owner), isRoom);
    assertEquals(mayControl(alices, owner), isRoom);
    if (isRoom) requireWithin(owner, alices);
    else assertThrows(() => requireWithin(owner, alices), ApiError, "limited");
  }
});
