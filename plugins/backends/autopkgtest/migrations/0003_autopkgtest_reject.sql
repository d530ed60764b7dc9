create table autopkgtest_reject (
  package text not null,
  suite text not null,
  arch text not null,
  version text not null,
  reason text not null,
  created_at integer not null,
  primary key (package, suite, arch, version)
) strict;

create table autopkgtest_reject_revision (
  id integer primary key check (id = 1),
  revision integer not null
) strict;

insert into autopkgtest_reject_revision (id, revision) values (1, 0);
