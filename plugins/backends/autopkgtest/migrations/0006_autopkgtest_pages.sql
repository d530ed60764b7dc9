-- Packages with a public test, whether it is over or not. A name stays.
create table autopkgtest_public_package (
  prefix text not null,
  name text not null,
  primary key (prefix, name)
) strict, without rowid;

-- Public tests that are not over.
create table autopkgtest_pending (
  number integer primary key,
  package text not null,
  suite text not null,
  arch text not null
) strict;

create index autopkgtest_pending_by_place on autopkgtest_pending (suite, arch, number);
create index autopkgtest_pending_by_package on autopkgtest_pending (package, number);

-- How each package does: its newest public result without pins in each place.
create table autopkgtest_status (
  package text not null,
  suite text not null,
  arch text not null,
  finished_at integer not null,
  number integer not null,
  state text not null,
  -- Null for a test that never started.
  duration_ms integer,
  primary key (package, suite, arch)
) strict, without rowid;

create index autopkgtest_status_by_state on autopkgtest_status (state, finished_at, number);
create index autopkgtest_status_by_place on autopkgtest_status (suite, arch, state, finished_at, number);
create index autopkgtest_status_slow on autopkgtest_status (duration_ms, number) where duration_ms > 3600000;

-- A package came to do otherwise than before: each change among passed, failed and neutral, errored ones left out.
create table autopkgtest_news (
  number integer primary key,
  package text not null,
  suite text not null,
  arch text not null,
  finished_at integer not null,
  before text not null,
  state text not null
) strict;

create index autopkgtest_news_by_time on autopkgtest_news (finished_at, number);
create index autopkgtest_news_by_place on autopkgtest_news (suite, arch, finished_at, number);
create index autopkgtest_news_by_package on autopkgtest_news (package, finished_at, number);

-- What lists show of a test that is over, and of one that is not.
create view autopkgtest_listed_test as
select test.*, run.owner_name as requestor
from autopkgtest_test as test join run on run.number = test.number;

create view autopkgtest_listed_pending as
select
  pending.number, pending.package, pending.suite, pending.arch,
  run.state, run.created_at, run.started_at, run.request, run.owner_name as requestor
from autopkgtest_pending as pending join run on run.number = pending.number;

create trigger autopkgtest_run_asked after insert on run
when new.backend = 'autopkgtest' and new.is_private = 0
begin
  insert into autopkgtest_public_package (prefix, name)
  values (substr(new.job, 1, iif(new.job glob 'lib*', 4, 1)), new.job)
  on conflict do nothing;
  insert into autopkgtest_pending (number, package, suite, arch)
  select new.number, new.job, coalesce(new.request ->> '$.suite', ''), coalesce(new.request ->> '$.arch', '')
  where new.state in ('scheduled', 'queued', 'claimed', 'running');
end;

create trigger autopkgtest_run_shown after update of is_private on run
when new.backend = 'autopkgtest' and old.is_private = 1 and new.is_private = 0
begin
  insert into autopkgtest_public_package (prefix, name)
  values (substr(new.job, 1, iif(new.job glob 'lib*', 4, 1)), new.job)
  on conflict do nothing;
  insert into autopkgtest_pending (number, package, suite, arch)
  select new.number, new.job, coalesce(new.request ->> '$.suite', ''), coalesce(new.request ->> '$.arch', '')
  where new.state in ('scheduled', 'queued', 'claimed', 'running');
end;

create trigger autopkgtest_run_over after update of state on run
when new.backend = 'autopkgtest' and new.state not in ('scheduled', 'queued', 'claimed', 'running')
begin
  delete from autopkgtest_pending where number = new.number;
end;

create trigger autopkgtest_status_kept after insert on autopkgtest_public_result
when new.is_pinned = 0
begin
  insert into autopkgtest_status (package, suite, arch, finished_at, number, state, duration_ms)
  select new.package, new.suite, new.arch, new.finished_at, new.number, new.state,
    max(0, test.finished_at - test.started_at)
  from autopkgtest_test as test where test.number = new.number
  on conflict do update set finished_at = excluded.finished_at, number = excluded.number,
    state = excluded.state, duration_ms = excluded.duration_ms
  where (excluded.finished_at, excluded.number) > (autopkgtest_status.finished_at, autopkgtest_status.number);
end;

-- A result that is published late comes between two others: what the later one changed is told anew.
create trigger autopkgtest_news_told after insert on autopkgtest_public_result
when new.is_pinned = 0 and new.state <> 'errored'
begin
  insert into autopkgtest_news (number, package, suite, arch, finished_at, before, state)
  select new.number, new.package, new.suite, new.arch, new.finished_at, earlier.state, new.state
  from (
    select state from autopkgtest_public_result
    where suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
      and (finished_at, number) < (new.finished_at, new.number) and state <> 'errored'
    order by finished_at desc, number desc limit 1
  ) as earlier
  where earlier.state <> new.state;
  delete from autopkgtest_news where number = (
    select number from autopkgtest_public_result
    where suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
      and (finished_at, number) > (new.finished_at, new.number) and state <> 'errored'
    order by finished_at, number limit 1
  );
  insert into autopkgtest_news (number, package, suite, arch, finished_at, before, state)
  select later.number, new.package, new.suite, new.arch, later.finished_at, new.state, later.state
  from (
    select number, finished_at, state from autopkgtest_public_result
    where suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
      and (finished_at, number) > (new.finished_at, new.number) and state <> 'errored'
    order by finished_at, number limit 1
  ) as later
  where later.state <> new.state;
end;

insert into autopkgtest_public_package (prefix, name)
select substr(job, 1, iif(job glob 'lib*', 4, 1)), job from run
where backend = 'autopkgtest' and is_private = 0 group by job;

insert into autopkgtest_pending (number, package, suite, arch)
select number, job, coalesce(request ->> '$.suite', ''), coalesce(request ->> '$.arch', '') from run
where backend = 'autopkgtest' and is_private = 0 and state in ('scheduled', 'queued', 'claimed', 'running');

insert into autopkgtest_status (package, suite, arch, finished_at, number, state, duration_ms)
select result.package, result.suite, result.arch, result.finished_at, result.number, result.state,
  max(0, test.finished_at - test.started_at)
from (
  select *, row_number() over (
    partition by suite, arch, package order by finished_at desc, number desc
  ) as place
  from autopkgtest_public_result where is_pinned = 0
) as result
join autopkgtest_test as test on test.number = result.number
where result.place = 1;

insert into autopkgtest_news (number, package, suite, arch, finished_at, before, state)
select number, package, suite, arch, finished_at, before, state from (
  select *, lag(state) over (partition by suite, arch, package order by finished_at, number) as before
  from autopkgtest_public_result where is_pinned = 0 and state <> 'errored'
)
where before <> state;
