create table bearer_token (
  jti text primary key,
  account integer not null references account (id),
  sha256 text not null unique,
  scopes text,
  description text not null,
  created_at integer not null,
  expires_at integer,
  revoked_at integer,
  last_used_at integer
) strict;

create index bearer_token_by_account on bearer_token (account, created_at);
