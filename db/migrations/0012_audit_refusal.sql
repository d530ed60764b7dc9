-- Refusals are few, and looked for.
create index audit_by_refusal on audit (outcome, at) where outcome <> 'done';
