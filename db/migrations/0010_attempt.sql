-- An attempt that was not its run's last word; the latest one is in the run's own row.
create table attempt (
  run integer not null references run (number) on delete cascade,
  attempt integer not null,
  runner_id text,
  claimed_at integer,
  started_at integer,
  ended_at integer not null,
  ending text not null check (ending in ('lost', 'not_taken_up', 'released', 'temporary')),
  message text,
  log_bytes integer not null,
  primary key (run, attempt)
) strict, without rowid;

alter table run add column claimed_at integer;
