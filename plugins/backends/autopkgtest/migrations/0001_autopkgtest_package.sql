create table autopkgtest_package (
  id integer primary key autoincrement,
  name text not null unique
) strict;
