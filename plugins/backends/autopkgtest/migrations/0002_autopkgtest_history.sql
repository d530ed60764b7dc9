-- Runners by name, numbered: debci's worker_id. A runner that registers anew keeps its number.
create table autopkgtest_worker (
  id integer primary key autoincrement,
  name text not null unique
) strict;

-- One row a test that has a result; a cancelled one has none.
create table autopkgtest_test (
  number integer primary key,
  id text not null,
  package text not null,
  suite text not null,
  arch text not null,
  is_pinned integer not null,
  is_private integer not null,
  owner integer not null,
  request text not null,
  state text not null,
  message text,
  version text,
  created_at integer not null,
  updated_at integer not null,
  started_at integer,
  finished_at integer not null,
  worker integer references autopkgtest_worker (id),
  log_bytes integer,
  artifacts_bytes integer,
  previous_state text,
  last_pass_at integer,
  last_pass_version text
) strict;

-- Public results in the order of a package's history. Those without pins say how a package does.
create table autopkgtest_public_result (
  suite text not null,
  arch text not null,
  package text not null,
  is_pinned integer not null,
  finished_at integer not null,
  number integer not null,
  state text not null,
  -- Number of the newest pass without pins so far, this one included.
  last_pass integer,
  primary key (suite, arch, package, is_pinned, finished_at, number)
) strict, without rowid;

-- By how many packages a state was gained on a day (days since 1970): their sum up to a day is how all packages did then.
create table autopkgtest_status_change (
  suite text not null,
  arch text not null,
  day integer not null,
  state text not null,
  change integer not null,
  primary key (suite, arch, day, state)
) strict, without rowid;

-- What is kept of a test that has a result, out of its run.
create view autopkgtest_result as
select
  run.number,
  run.id,
  run.job as package,
  coalesce(run.request ->> '$.suite', '') as suite,
  coalesce(run.request ->> '$.arch', '') as arch,
  coalesce(json_array_length(run.request, '$.pin_packages'), 0) > 0 as is_pinned,
  run.is_private,
  run.owner,
  run.request,
  run.state,
  run.message,
  case
    when json_type(run."end", '$.facts.version') = 'text' then run."end" ->> '$.facts.version'
    when run."end" ->> '$.kind' = 'exited' then 'n/a'
  end as version,
  run.created_at,
  run.updated_at,
  run.started_at,
  coalesce(run.finished_at, run.updated_at) as finished_at,
  (
    select autopkgtest_worker.id from runner join autopkgtest_worker using (name)
    where runner.id = run.runner_id
  ) as worker,
  coalesce(
    (
      select size_bytes from artifact
      where artifact.run = run.number and artifact.attempt = run.attempt and artifact.path = 'log.gz'
    ),
    iif(run.started_at is null, null, run.log_bytes)
  ) as log_bytes,
  (
    select size_bytes from artifact
    where artifact.run = run.number and artifact.attempt = run.attempt and artifact.path = 'artifacts.tar.gz'
  ) as artifacts_bytes
from run
where run.backend = 'autopkgtest' and run.state in ('passed', 'failed', 'neutral', 'errored');

create trigger autopkgtest_run_made after insert on run
when new.backend = 'autopkgtest' and new.state in ('passed', 'failed', 'neutral', 'errored')
begin
  insert into autopkgtest_test (
    number, id, package, suite, arch, is_pinned, is_private, owner, request, state, message, version,
    created_at, updated_at, started_at, finished_at, worker, log_bytes, artifacts_bytes
  )
  select * from autopkgtest_result where number = new.number;
end;

create trigger autopkgtest_run_ended after update of state on run
when new.backend = 'autopkgtest' and old.state <> new.state
  and new.state in ('passed', 'failed', 'neutral', 'errored')
begin
  insert into autopkgtest_worker (name)
  select runner.name from runner
  where runner.id = new.runner_id
    and not exists (select 1 from autopkgtest_worker as known where known.name = runner.name);
  insert into autopkgtest_test (
    number, id, package, suite, arch, is_pinned, is_private, owner, request, state, message, version,
    created_at, updated_at, started_at, finished_at, worker, log_bytes, artifacts_bytes
  )
  select * from autopkgtest_result where number = new.number;
end;

create trigger autopkgtest_run_published after update of is_private on run
when new.backend = 'autopkgtest' and old.is_private <> new.is_private
begin
  update autopkgtest_test set is_private = new.is_private, updated_at = new.updated_at
  where number = new.number;
end;

-- What came before is kept as it was when the test ended: later publications do not change it.
create trigger autopkgtest_test_kept after insert on autopkgtest_test
begin
  update autopkgtest_test set (previous_state, last_pass_at, last_pass_version) = (
    select earlier.state, pass.finished_at, pass.version
    from autopkgtest_public_result as earlier
    left join autopkgtest_test as pass on pass.number = earlier.last_pass
    where earlier.suite = new.suite and earlier.arch = new.arch and earlier.package = new.package
      and earlier.is_pinned = 0
      and (earlier.finished_at, earlier.number) < (new.finished_at, new.number)
    order by earlier.finished_at desc, earlier.number desc limit 1
  )
  where number = new.number;
end;

create trigger autopkgtest_test_counted after insert on autopkgtest_test
when new.is_private = 0
begin
  insert into autopkgtest_public_result (
    suite, arch, package, is_pinned, finished_at, number, state, last_pass
  )
  values (
    new.suite, new.arch, new.package, new.is_pinned, new.finished_at, new.number, new.state,
    iif(new.state = 'passed', new.number, (
      select earlier.last_pass from autopkgtest_public_result as earlier
      where earlier.suite = new.suite and earlier.arch = new.arch and earlier.package = new.package
        and earlier.is_pinned = 0
        and (earlier.finished_at, earlier.number) < (new.finished_at, new.number)
      order by earlier.finished_at desc, earlier.number desc limit 1
    ))
  );
end;

create trigger autopkgtest_test_published after update of is_private on autopkgtest_test
when old.is_private = 1 and new.is_private = 0
begin
  insert into autopkgtest_public_result (
    suite, arch, package, is_pinned, finished_at, number, state, last_pass
  )
  values (
    new.suite, new.arch, new.package, new.is_pinned, new.finished_at, new.number, new.state,
    iif(new.state = 'passed', new.number, (
      select earlier.last_pass from autopkgtest_public_result as earlier
      where earlier.suite = new.suite and earlier.arch = new.arch and earlier.package = new.package
        and earlier.is_pinned = 0
        and (earlier.finished_at, earlier.number) < (new.finished_at, new.number)
      order by earlier.finished_at desc, earlier.number desc limit 1
    ))
  );
end;

-- A result comes between an earlier and a later one; the later one is there when it was published late.
create trigger autopkgtest_status_gained after insert on autopkgtest_public_result
when new.is_pinned = 0
begin
  update autopkgtest_public_result set last_pass = new.number
  where new.state = 'passed'
    and suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
    and (finished_at, number) > (new.finished_at, new.number)
    and last_pass is (
      select earlier.last_pass from autopkgtest_public_result as earlier
      where earlier.suite = new.suite and earlier.arch = new.arch and earlier.package = new.package
        and earlier.is_pinned = 0
        and (earlier.finished_at, earlier.number) < (new.finished_at, new.number)
      order by earlier.finished_at desc, earlier.number desc limit 1
    );
  insert into autopkgtest_status_change (suite, arch, day, state, change)
  select new.suite, new.arch, gained.day, gained.state, gained.change from (
    select new.finished_at / 86400000 as day, new.state as state, 1 as change
    union all
    select new.finished_at / 86400000, earlier.state, -1 from (
      select state from autopkgtest_public_result
      where suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
        and (finished_at, number) < (new.finished_at, new.number)
      order by finished_at desc, number desc limit 1
    ) as earlier
    union all
    select later.finished_at / 86400000, new.state, -1 from (
      select finished_at from autopkgtest_public_result
      where suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
        and (finished_at, number) > (new.finished_at, new.number)
      order by finished_at, number limit 1
    ) as later
    union all
    select later.finished_at / 86400000, earlier.state, 1 from (
      select state from autopkgtest_public_result
      where suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
        and (finished_at, number) < (new.finished_at, new.number)
      order by finished_at desc, number desc limit 1
    ) as earlier cross join (
      select finished_at from autopkgtest_public_result
      where suite = new.suite and arch = new.arch and package = new.package and is_pinned = 0
        and (finished_at, number) > (new.finished_at, new.number)
      order by finished_at, number limit 1
    ) as later
  ) as gained
  where true
  on conflict do update set change = change + excluded.change;
end;

insert into autopkgtest_worker (name)
select name from runner where id in (select runner_id from run where backend = 'autopkgtest')
group by name order by min(registered_at);

insert into autopkgtest_test (
  number, id, package, suite, arch, is_pinned, is_private, owner, request, state, message, version,
  created_at, updated_at, started_at, finished_at, worker, log_bytes, artifacts_bytes
)
select * from autopkgtest_result order by finished_at, number;
