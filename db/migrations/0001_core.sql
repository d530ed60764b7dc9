create table account (
  id integer primary key autoincrement,
  kind text not null check (kind in ('user', 'group')),
  name text not null,
  permissions text not null,
  created_at integer not null,
  disabled_at integer,
  unique (kind, name)
) strict;

create table runner (
  id text primary key,
  name text not null,
  token_sha256 text not null unique,
  offers text not null,
  version text not null,
  registered_at integer not null,
  seen_at integer not null
) strict;

create table queue (
  key text primary key,
  labels text not null
) strict;

create table run (
  number integer primary key autoincrement,
  id text not null unique,
  backend text not null,
  job text not null,
  owner integer not null references account (id),
  owner_name text not null,
  is_private integer not null,
  request text not null,
  task text not null,
  queue_key text not null references queue (key),
  priority integer not null,
  state text not null check (
    state in ('scheduled', 'queued', 'claimed', 'running', 'passed', 'failed', 'neutral', 'errored', 'aborted')
  ),
  attempt integer not null default 0,
  lost_attempts integer not null default 0,
  runner_id text references runner (id),
  claim_id text,
  attempt_sha256 text,
  lease_until integer,
  cancel_requested_at integer,
  created_at integer not null,
  queued_at integer not null,
  started_at integer,
  finished_at integer,
  updated_at integer not null,
  end text,
  message text,
  log_bytes integer not null default 0
) strict;

create index run_ready on run (queue_key, priority desc, number) where state = 'queued';
create index run_lease on run (lease_until) where state in ('claimed', 'running');
create unique index run_claim on run (claim_id) where claim_id is not null;
create index run_by_owner on run (backend, owner, updated_at, number);
create index run_by_job on run (backend, job, number);
create index run_by_state on run (state, number);

create table log_chunk (
  run integer not null references run (number) on delete cascade,
  attempt integer not null,
  start integer not null,
  bytes blob not null,
  primary key (run, attempt, start)
) strict, without rowid;
