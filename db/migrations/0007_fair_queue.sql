alter table run add column fair integer not null default 0;
alter table run add column retry_delays text;
alter table run add column not_before integer;
alter table run add column retried_sha256 text;
alter table run add column retried_end text;

create table queue_turn (
  queue_key text not null references queue (key),
  priority integer not null,
  fair integer not null,
  served integer not null,
  primary key (queue_key, priority)
) strict, without rowid;

create index queue_turn_served on queue_turn (served);

update run set fair = waiting.turn
from (
  select number, row_number() over (partition by queue_key, priority, owner order by number) - 1 as turn
  from run where state = 'queued'
) as waiting
where waiting.number = run.number;

drop index run_ready;
create index run_ready on run (queue_key, priority desc, fair, number) where state = 'queued';
create index run_share on run (queue_key, priority, owner, fair) where state in ('queued', 'claimed', 'running');
create index run_due on run (not_before) where state = 'scheduled';
