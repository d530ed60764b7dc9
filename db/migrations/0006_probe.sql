create table probe (
  one integer primary key check (one = 1),
  bytes blob not null
) strict;
