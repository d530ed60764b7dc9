-- What jobs are searched by, beside the columns that are there. The org is what is in front of the last slash; the tenant is the job's own word; empty where it has none.
alter table prow_job add column org text not null default '';
alter table prow_job add column cluster text not null default '';
alter table prow_job add column agent text not null default '';
alter table prow_job add column tenant text not null default '';

update prow_job set
  org = substr(org_repo, 1, length(rtrim(org_repo, replace(org_repo, '/', ''))) - 1),
  cluster = coalesce(definition ->> '$.cluster', ''),
  agent = coalesce(definition ->> '$.agent', ''),
  tenant = coalesce(definition ->> '$.prowjob_defaults.tenant_id', '');

drop index prow_job_by_name;

-- A search reads the index alone, and the rows of its page.
create index prow_job_by_name on prow_job (name, type, org_repo, position, org, cluster, agent, tenant);
