import { assertEquals } from "@std/assert";
import type { Principal } from "../../../core/principal.ts";
import { jobDefinition } from "./job.ts";
import { globalTenant, mayUseTenant, tenantOf } from "./tenant.ts";

const job = jobDefinition.parse({ name: "j" });
const owned = jobDefinition.parse({
  name: "j",
  ProwJob_Defaults: { TENANT_ID: "team" },
});
const defaults = { "*": "all", o: "org", "o/r": "repo" };

for (
  const [what, definition, orgRepo, places, tenant] of [
    ["its own, whatever is set", owned, "o/r", defaults, "team"],
    ["that of its repository", job, "o/r", defaults, "repo"],
    ["that of its organisation", job, "o/other", defaults, "org"],
    ["that of all", job, "other/r", defaults, "all"],
    ["that of all for a periodic", job, "", defaults, "all"],
    ["Prow's default", job, "o/r", {}, globalTenant],
    [
      "Prow's default, whatever the organisation is called",
      job,
      "__proto__/constructor",
      {},
      globalTenant,
    ],
  ] as const
) {
  Deno.test(`a job's tenant is ${what}`, () => {
    assertEquals(tenantOf(definition, orgRepo, places), tenant);
  });
}

const bots: Principal = {
  kind: "group",
  account: 1,
  name: "bots",
  permissions: [],
  limits: [],
  via: "test",
  credential: "none",
};

for (
  const [what, grants, may] of [
    ["everything without grants", undefined, true],
    ["nothing when nobody is named", {}, false],
    ["what it is granted", { "group:bots": ["other", "team"] }, true],
    ["nothing but what it is granted", { "group:bots": ["other"] }, false],
    ["nothing of its namesake", { "user:bots": ["team"] }, false],
    ["every tenant with *", { "group:bots": ["*"] }, true],
    ["what the others are granted", { "*": ["team"] }, true],
    ["nothing of the others' when it is named", {
      "group:bots": [],
      "*": ["team"],
    }, false],
  ] as const
) {
  Deno.test(`a caller may use ${what}`, () => {
    assertEquals(mayUseTenant(bots, "team", grants), may);
  });
}
