-- Signing in by more than a password: when the person of a session last proved himself, factors, what a mall demands.

-- Old sessions have none of these; whoever holds one proves himself again before an act that asks for it.
alter table tenancy.session
  add column proved_at timestamptz,
  add column proved_by text not null default 'password',
  add column agent text not null default '';

-- What a mall demands of its people, and above which value of an order a look at its codes asks for a fresh proof.
create table tenancy.security_policy (
  mall_id bigint not null primary key references tenancy.mall (id),
  two_factor text not null check (two_factor in ('off', 'staff', 'all')),
  reveal_above_e4 bigint not null check (reveal_above_e4 >= 0),
  version integer not null check (version >= 1),
  updated_at timestamptz not null
);
select base.declare_mall('tenancy.security_policy', 'local');

-- One authenticator app per person. last_step only grows: a code is good once, whoever else holds it.
create table tenancy.totp (
  mall_id bigint not null,
  person_id bigint not null,
  secret bytea not null,                                  -- sealed
  last_step bigint not null default 0,                    -- of 30 seconds since 1970, as RFC 6238 counts
  created_at timestamptz not null,
  confirmed_at timestamptz,                               -- until then it opens nothing
  primary key (mall_id, person_id),
  foreign key (mall_id, person_id) references tenancy.person (mall_id, id)
);
select base.declare_mall('tenancy.totp', 'local');

create table tenancy.recovery_code (
  mall_id bigint not null,
  person_id bigint not null,
  hash bytea not null check (length(hash) = 32),
  used_at timestamptz,
  primary key (mall_id, person_id, hash),
  foreign key (mall_id, person_id) references tenancy.person (mall_id, id)
);
select base.declare_mall('tenancy.recovery_code', 'local');

create table tenancy.passkey (
  mall_id bigint not null,
  id bigint not null,
  person_id bigint not null,
  credential_id bytea not null check (length(credential_id) between 1 and 1023),
  public_key bytea not null,                              -- COSE
  sign_count bigint not null check (sign_count >= 0),     -- only grows, or is always 0
  rp_id text not null,
  name text not null check (length(name) between 1 and 60),
  transports text[] not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (mall_id, id),
  unique (mall_id, credential_id),
  foreign key (mall_id, person_id) references tenancy.person (mall_id, id)
);
select base.declare_mall('tenancy.passkey', 'local');
create index passkey_person on tenancy.passkey (mall_id, person_id);

-- What a passkey must sign. Taken away by whoever answers, so it is answered once.
create table tenancy.challenge (
  mall_id bigint not null,
  challenge bytea not null check (length(challenge) = 32),
  purpose text not null check (purpose in ('register', 'sign_in', 'factor', 'proof')),
  person_id bigint,                                       -- null: whoever holds a passkey of this mall
  rp_id text not null,
  expires_at timestamptz not null,
  primary key (mall_id, challenge)
);
select base.declare_mall('tenancy.challenge', 'local');
create index challenge_expires on tenancy.challenge (mall_id, expires_at);

-- The password was right; a factor is still owed. It opens nothing else, and five wrong answers end it.
create table tenancy.pending_sign_in (
  mall_id bigint not null,
  token_hash bytea not null,
  person_id bigint not null,
  organisation_id bigint not null,
  tries smallint not null default 0 check (tries between 0 and 5),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (mall_id, token_hash),
  foreign key (mall_id, person_id) references tenancy.person (mall_id, id)
);
select base.declare_mall('tenancy.pending_sign_in', 'local');
create index pending_expires on tenancy.pending_sign_in (mall_id, expires_at);

grant select, insert, update on tenancy.security_policy to commissary_app;
grant select on tenancy.security_policy to commissary_vault, commissary_report;
grant select, insert, update, delete on tenancy.totp, tenancy.recovery_code, tenancy.passkey, tenancy.challenge,
  tenancy.pending_sign_in to commissary_app;
