create table basic_password (
  account integer primary key references account (id),
  name text not null unique,
  hash text not null,
  updated_at integer not null
) strict;
