alter table run add column grace_until integer;
