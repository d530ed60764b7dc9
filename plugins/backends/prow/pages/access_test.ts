import { assertEquals, assertThrows } from "@std/assert";
import { ApiError } from "../../../../core/error.ts";
import type { Limit } from "../../../../core/limit.ts";
import type { Permission } from "../../../../core/permission.ts";
import type { Principal } from "../../../../core/principal.ts";
import { optionsSchema } from "../options.ts";
import { requireReading, runRefusal, seesRuns } from "./access.ts";

function somebody(
  permissions: readonly Permission[],
  limits: readonly Limit[] = [],
): Principal {
  return {
    kind: "user",
    account: 1,
    name: "alice",
    permissions,
    limits,
    via: "",
    credential: "",
  };
}

Deno.test("who may run jobs but not read the catalogue gets no page of it by sending a faulty form, unless all may read it", () => {
  const closed = optionsSchema.parse({});
  const error = assertThrows(
    () => requireReading(somebody(["executions:create"]), closed),
    ApiError,
    "the permission jobs:read is missing",
  );
  assertEquals(error.code, "forbidden");
  requireReading(somebody(["executions:create", "jobs:read"]), closed);
  requireReading(
    somebody(["executions:create"]),
    optionsSchema.parse({ publicDeck: true }),
  );
});

Deno.test("builds are for who may read executions, and for anybody where the page is public", () => {
  assertEquals(seesRuns(null), true);
  assertEquals(seesRuns(somebody(["jobs:read"])), false);
  assertEquals(seesRuns(somebody(["*:read"])), true);
});

Deno.test("the form is for who may run the job, within their limits", () => {
  const may = (one: Principal) => runRefusal(one, "nightly") === null;
  assertEquals(may(somebody(["*:create"])), true);
  assertEquals(may(somebody(["*:read"])), false);
  const limited = (limit: Limit) => may(somebody(["*:create"], [limit]));
  assertEquals(limited({ jobs: ["night*"] }), true);
  assertEquals(limited({ jobs: ["hello"] }), false);
  assertEquals(limited({ backends: ["autopkgtest"] }), false);
});
