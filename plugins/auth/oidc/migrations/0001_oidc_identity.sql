create table oidc_identity (
  issuer text not null,
  subject text not null,
  account integer not null unique references account (id) on delete cascade,
  created_at integer not null,
  primary key (issuer, subject)
) strict, without rowid;
