create table github_actions_workflow (
  id integer primary key autoincrement,
  repository text not null,
  file text not null,
  definition text not null,
  created_at integer not null,
  updated_at integer not null,
  unique (repository, file)
) strict;
