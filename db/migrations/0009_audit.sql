-- Who changed what, or tried to. Nothing refers to other tables, so that a line outlives what it is about.
create table audit (
  id integer primary key autoincrement,
  at integer not null,
  principal text,
  via text,
  credential text,
  action text not null,
  target text,
  source text,
  outcome text not null,
  request_id text
) strict;

create index audit_by_time on audit (at);
create index audit_by_principal on audit (principal, at);
create index audit_by_action on audit (action, at);
create index audit_by_target on audit (target, at) where target is not null;

create trigger audit_stays before update on audit begin select raise(abort, 'audit lines are never changed'); end;

-- 90 days, by the clock of the database.
create trigger audit_is_kept before delete on audit when old.at > unixepoch() * 1000 - 7776000000 begin select raise(abort, 'audit lines of the last 90 days are never deleted'); end;

-- Wrong passwords in a row. The key is a hash: people type passwords where their name belongs.
create table failed_sign_in (
  key text primary key,
  failures integer not null,
  failed_at integer not null
) strict, without rowid;

create index failed_sign_in_age on failed_sign_in (failed_at);

-- A token that was renewed holds a while longer, in case the answer with the new one was lost.
alter table runner add column former_sha256 text;
alter table runner add column former_until integer;
alter table runner add column paused_at integer;
alter table runner add column revoked_at integer;

create index runner_former on runner (former_sha256) where former_sha256 is not null;
