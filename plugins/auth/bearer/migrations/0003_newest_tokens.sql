-- Lists of tokens, the newest first: of all, and of one group.
create index bearer_token_by_age on bearer_token (created_at, jti);

drop index bearer_token_by_account;

create index bearer_token_by_account on bearer_token (account, created_at, jti);
