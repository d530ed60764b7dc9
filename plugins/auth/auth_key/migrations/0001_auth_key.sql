create table auth_key_key (
  id text primary key,
  account integer not null references account (id),
  sha256 text not null unique,
  name text not null,
  created_at integer not null,
  revoked_at integer,
  last_used_at integer
) strict;

create index auth_key_key_by_account on auth_key_key (account, created_at);
