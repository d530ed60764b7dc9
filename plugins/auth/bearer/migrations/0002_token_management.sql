-- Which key signed it; null for tokens of before there were several.
alter table bearer_token add column kid text;

-- What it is narrowed to, beside its group, as a JSON array (core/limit.ts).
alter table bearer_token add column limits text;

-- Who made it (principalId); null for tokens that were made on the server.
alter table bearer_token add column created_by text;

-- The token that took its place.
alter table bearer_token add column replaced_by text;

create index bearer_token_by_kid on bearer_token (kid);

-- The public halves of keys that tokens were signed with.
create table bearer_key (
  kid text primary key,
  x text not null,
  created_at integer not null,
  retired_at integer
) strict;
