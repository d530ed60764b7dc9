create table idempotency (
  account integer not null references account (id),
  key text not null,
  request_sha256 text not null,
  created_at integer not null,
  run_ids text,
  status integer,
  headers text,
  body text,
  primary key (account, key)
) strict, without rowid;

create index idempotency_age on idempotency (created_at);
