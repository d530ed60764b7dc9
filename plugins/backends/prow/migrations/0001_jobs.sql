create table prow_job (
  position integer primary key,
  type text not null check (type in ('periodic', 'presubmit', 'postsubmit')),
  org_repo text not null,
  name text not null,
  source text not null,
  definition text not null,
  imported_at integer not null
) strict;

create index prow_job_by_name on prow_job (name, type, org_repo);
