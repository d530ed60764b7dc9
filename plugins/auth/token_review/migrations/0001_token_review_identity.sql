create table token_review_identity (
  cluster text not null,
  username text not null,
  uid text not null,
  account integer not null unique references account (id) on delete cascade,
  created_at integer not null,
  primary key (cluster, username, uid)
) strict, without rowid;
