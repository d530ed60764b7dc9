-- What else runs are filtered by: each combination of values that a backend's runs have,
-- as a JSON array of pairs of name and value in the order of its facets (core/facet.ts).
create table run_facet (
  id integer primary key,
  backend text not null,
  pairs text not null,
  unique (backend, pairs)
) strict;

create table run_facet_value (
  name text not null,
  value text not null,
  facet integer not null references run_facet (id),
  primary key (name, value, facet)
) strict, without rowid;

create trigger run_facet_made after insert on run_facet
begin
  insert or ignore into run_facet_value (name, value, facet)
  select pair.value ->> 0, pair.value ->> 1, new.id from json_each(new.pairs) as pair;
end;

alter table run add column facet integer references run_facet (id);

create index run_by_facet on run (facet, state, number) where facet is not null;
create index run_by_account on run (owner, backend, state, number, facet);
create index run_by_change on run (updated_at);
