import { assertEquals } from "@std/assert";
import type { Principal } from "../../../core/principal.ts";
import { startGangway } from "../../../tests/gangway.ts";
import { readCatalogue } from "./catalogue.ts";
import { importCatalogue } from "./catalogue_store.ts";
import { visibleJobs } from "./job_access.ts";
import { searchJobs } from "./job_search.ts";
import { mayUseTenant, tenantOf } from "./tenant.ts";

const jobs = `
periodics:
- {name: plain, agent: jenkins}
- {name: owned, agent: jenkins, prowjob_defaults: {tenant_id: team}}
presubmits:
  o/r: [{name: in-repo, agent: jenkins}, {name: owned-in-repo, agent: jenkins, prowjob_defaults: {tenant_id: team}}]
  o/other: [{name: in-org, agent: jenkins}]
  p/r: [{name: elsewhere, agent: jenkins}]
  https://host/o/r: [{name: hosted, agent: jenkins}]
`;

const places = [
  {},
  { "*": "all" },
  { o: "org", "o/r": "repo" },
  { "*": "all", o: "team", "https://host/o": "repo" },
  { "o/r": "GlobalDefaultID", o: "org" },
];

const grants = [
  undefined,
  {},
  { "*": ["GlobalDefaultID"] },
  { "*": ["all", "repo"] },
  { "user:alice": ["team"], "*": ["org"] },
  { "user:bob": ["*"], "*": ["repo", "org"] },
  { "*": ["*"] },
];

const alice: Principal = {
  kind: "user",
  account: 1,
  name: "alice",
  permissions: [],
  limits: [],
  via: "",
  credential: "",
};

Deno.test("the catalogue shows somebody the jobs of the tenants that they may use, whatever decides on the tenant", async () => {
  await using app = await startGangway();
  const { jobs: all, faults } = readCatalogue([{ path: "j", text: jobs }]);
  assertEquals(faults, []);
  await importCatalogue(app.database, all, app.now);
  let hidden = 0;
  for (const defaultTenants of places) {
    for (const tenants of grants) {
      const options = { tenants, defaultTenants };
      const found = await searchJobs(
        app.database,
        {},
        { limit: 100 },
        visibleJobs(alice, options),
      );
      const expected = all.filter(({ definition, orgRepo }) =>
        mayUseTenant(
          alice,
          tenantOf(definition, orgRepo, defaultTenants),
          tenants,
        )
      ).map(({ definition }) => definition.name);
      assertEquals(
        found.jobs.map(({ definition }) => definition.name),
        expected.toSorted(),
        JSON.stringify(options),
      );
      hidden += all.length - expected.length;
    }
  }
  assertEquals(hidden > 50, true);
});

Deno.test("anybody sees the jobs of the tenants that are everybody's", async () => {
  await using app = await startGangway();
  const options = {
    tenants: { "user:alice": ["team"], "*": ["GlobalDefaultID"] },
    defaultTenants: {},
  };
  const { jobs } = await searchJobs(
    app.database,
    { type: "periodic" },
    { limit: 100 },
    visibleJobs(null, options),
  );
  assertEquals(
    jobs.some(({ definition }) => definition.name === "owned"),
    false,
  );
  assertEquals(
    jobs.some(({ definition }) => definition.name === "hello"),
    true,
  );
});

Deno.test("the API hides the jobs of other tenants too", async () => {
  await using app = await startGangway({
    tenants: { "*": ["GlobalDefaultID"] },
  });
  const [list, one] = await Promise.all([
    app.request("/v1/jobs?name=owned", { user: "alice" }),
    app.request("/v1/jobs/owned", { user: "alice" }),
  ]);
  assertEquals(await list.json(), { jobs: [], next: null });
  assertEquals(one.status, 404);
  await one.body?.cancel();
});
