create table session_session (
  id text primary key,
  sha256 text not null unique,
  account integer not null references account (id) on delete cascade,
  user_agent text not null,
  created_at integer not null,
  used_at integer not null
) strict;

create index session_session_by_account on session_session (account, created_at);
create index session_session_by_age on session_session (created_at);
