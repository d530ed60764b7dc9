create table artifact (
  run integer not null references run (number) on delete cascade,
  attempt integer not null,
  path text not null,
  size_bytes integer not null,
  sha256 text not null,
  content_type text not null,
  created_at integer not null,
  primary key (run, attempt, path)
) strict, without rowid;
