-- What an account is narrowed to, as JSON (core/limit.ts); null for nothing.
alter table account add column limits text;

-- Users who manage a group's tokens.
create table group_owner (
  group_account integer not null references account (id) on delete cascade,
  user_account integer not null references account (id) on delete cascade,
  created_at integer not null,
  primary key (group_account, user_account)
) strict, without rowid;
