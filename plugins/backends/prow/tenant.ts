import { type Principal, principalId } from "../../../core/principal.ts";
import type { JobDefinition } from "./job.ts";

/** Prow's tenant of jobs that belong to nobody in particular. */
export const globalTenant = "GlobalDefaultID";

/** Tenants of each caller; see the option `tenants`. */
export type TenantGrants = {
  readonly [caller: string]: readonly string[];
};

/** Whose job it is: its own word, else what is set for its repository, its organisation, or all (wire section 1.4, D). */
export function tenantOf(
  job: JobDefinition,
  orgRepo: string,
  defaults: { readonly [place: string]: string },
): string {
  const own = job.prowjob_defaults?.tenant_id;
  if (own) return own;
  const org = orgRepo.slice(0, orgRepo.lastIndexOf("/"));
  const place = [orgRepo, org, "*"].find((each) =>
    each !== "" && Object.hasOwn(defaults, each)
  );
  return place === undefined ? globalTenant : defaults[place] ?? globalTenant;
}

/** Whether a caller may run and cancel a tenant's jobs. */
export function mayUseTenant(
  principal: Principal,
  tenant: string,
  grants: TenantGrants | undefined,
): boolean {
  const tenants = tenantsOf(principal, grants);
  return tenants === "all" || tenants.includes(tenant);
}

/**
 * The tenants whose jobs somebody may see and, when signed in, run; null is
 * anybody. Grants that do not name the caller and have no `*` give nothing.
 */
export function tenantsOf(
  principal: Principal | null,
  grants: TenantGrants | undefined,
): readonly string[] | "all" {
  if (grants === undefined) return "all";
  const names = principal === null ? [] : [principalId(principal)];
  const caller = [...names, "*"].find((each) => Object.hasOwn(grants, each));
  const tenants = caller === undefined ? [] : grants[caller] ?? [];
  return tenants.includes("*") ? "all" : tenants;
}
