-- What somebody has asked for, newest last: for their own list of it. What changes while a test runs stays in `run`.
create table autopkgtest_request (
  owner integer not null,
  number integer not null,
  package text not null,
  suite text not null,
  arch text not null,
  is_private integer not null,
  cause text not null,
  primary key (owner, number)
) strict, without rowid;

create index autopkgtest_request_by_package on autopkgtest_request (owner, package, number);
create index autopkgtest_request_private on autopkgtest_request (owner, number) where is_private = 1;

create trigger autopkgtest_request_made after insert on run
when new.backend = 'autopkgtest'
begin
  insert into autopkgtest_request (owner, number, package, suite, arch, is_private, cause)
  values (
    new.owner, new.number, new.job, coalesce(new.request ->> '$.suite', ''),
    coalesce(new.request ->> '$.arch', ''), new.is_private, coalesce(new.request ->> '$.trigger', '')
  );
end;

create trigger autopkgtest_request_published after update of is_private on run
when new.backend = 'autopkgtest' and old.is_private <> new.is_private
begin
  update autopkgtest_request set is_private = new.is_private
  where owner = new.owner and number = new.number;
end;

insert into autopkgtest_request (owner, number, package, suite, arch, is_private, cause)
select
  owner, number, job, coalesce(request ->> '$.suite', ''), coalesce(request ->> '$.arch', ''),
  is_private, coalesce(request ->> '$.trigger', '')
from run where backend = 'autopkgtest';
