import { nothing, sql, type Statement } from "../../../core/database.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Options } from "./options.ts";
import { globalTenant, tenantsOf } from "./tenant.ts";

/**
 * The jobs of the catalogue that somebody may see, as a condition on `prow_job`:
 * those of the tenants that they may use, by the rule of `tenantOf`. Null is anybody.
 */
export function visibleJobs(
  reader: Principal | null,
  { tenants: grants, defaultTenants }: Pick<
    Options,
    "tenants" | "defaultTenants"
  >,
): Statement {
  const tenants = tenantsOf(reader, grants);
  if (tenants === "all") return nothing;
  const { "*": everywhere = globalTenant, ...places } = defaultTenants;
  const named = Object.keys(places);
  const own = named.filter((place) => tenants.includes(places[place] ?? ""));
  return sql`and case
    when tenant <> '' then tenant in ${listOf(tenants)}
    when org_repo in ${listOf(named)} then org_repo in ${listOf(own)}
    when org in ${listOf(named)} then org in ${listOf(own)}
    else ${tenants.includes(everywhere)} end`;
}

function listOf(values: readonly string[]): Statement {
  return sql`(select value from json_each(${JSON.stringify(values)}))`;
}
