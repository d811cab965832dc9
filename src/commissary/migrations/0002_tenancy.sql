-- Malls, organisations, people, keys, sessions, audit; the nonces of signed calls; the epoch of cached configuration.

create schema tenancy;
grant usage on schema tenancy to commissary_app, commissary_vault, commissary_report;

create table tenancy.mall (
  id bigint primary key check (id between 1 and 2147483647),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,38}$'),
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  zone text not null,
  shadow_of bigint references tenancy.mall (id),          -- the test twin of a live mall
  clock_offset_s bigint not null default 0 check (clock_offset_s = 0 or shadow_of is not null),
  status text not null default 'open' check (status in ('open', 'suspended', 'closed')),
  created_at timestamptz not null
);
select base.declare_mall('tenancy.mall', 'reference', 'id');
create unique index mall_shadow on tenancy.mall (shadow_of);

-- A principal: the mall's own company, a buyer, a supplier or an enterprise; departments hang below by parent_id.
create table tenancy.organisation (
  mall_id bigint not null references tenancy.mall (id),
  id bigint not null,
  kind text not null check (kind in ('mall', 'buyer', 'supplier', 'enterprise')),
  name text not null check (length(name) between 1 and 200),
  parent_id bigint,
  home_id bigint not null,                                -- where its accounts and orders live; immutable
  status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  created_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, parent_id) references tenancy.organisation (mall_id, id),
  check (home_id >> 10 = mall_id)
);
select base.declare_mall('tenancy.organisation', 'reference');

create table tenancy.person (
  mall_id bigint not null references tenancy.mall (id),
  id bigint not null,
  email text not null check (email = lower(email) and length(email) between 3 and 254),
  name text not null,
  password_hash text not null,                            -- argon2id
  status text not null default 'active' check (status in ('active', 'suspended')),
  created_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, email)
);
select base.declare_mall('tenancy.person', 'local');

create table tenancy.member (
  mall_id bigint not null,
  organisation_id bigint not null,
  person_id bigint not null,
  role text not null,
  primary key (mall_id, organisation_id, person_id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id),
  foreign key (mall_id, person_id) references tenancy.person (mall_id, id)
);
select base.declare_mall('tenancy.member', 'local');

create table tenancy.session (
  mall_id bigint not null,
  token_hash bytea not null,                              -- sha256; the token itself is nowhere
  person_id bigint not null,
  organisation_id bigint not null,                        -- for whom he acts; his role there is read at every call
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ip text not null default '',
  ended_at timestamptz,
  primary key (mall_id, token_hash),
  foreign key (mall_id, person_id) references tenancy.person (mall_id, id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id)
);
select base.declare_mall('tenancy.session', 'local');
create index session_person on tenancy.session (mall_id, person_id) where ended_at is null;

-- Secrets are encrypted under the key-encryption key: signatures need them in the process, the database never does.
create table tenancy.api_key (
  mall_id bigint not null,
  id text not null,                                       -- public; carries the mall: ck_<mall>_<random>
  organisation_id bigint not null,
  home_id bigint not null,
  account_id bigint not null,                             -- the wallet it spends from
  name text not null,
  scopes text[] not null,
  ip_allow cidr[] not null default '{}',
  secret bytea not null,
  old_secret bytea,
  old_secret_until timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id),
  check ((old_secret is null) = (old_secret_until is null))
);
select base.declare_mall('tenancy.api_key', 'reference');

-- Raised by every change of keys, goods, prices, tiers or risk lists, in that change's own transaction. A process
-- whose copy is older reads again.
create table tenancy.epoch (
  mall_id bigint primary key references tenancy.mall (id),
  value bigint not null
) with (fillfactor = 40);
select base.declare_mall('tenancy.epoch', 'reference');

create table tenancy.audit (
  mall_id bigint not null,
  id bigint not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('person', 'key', 'system', 'cli')),
  actor_id text not null,
  ip text not null default '',
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  primary key (mall_id, id)
);
select base.declare_mall('tenancy.audit', 'local');

-- A nonce is used once. Eight quarter-hours in a ring by the signed second; the signature's window is ten minutes, so
-- the bucket after the next is always idle and can be emptied whole.
create table tenancy.nonce (
  home_id bigint not null,
  bucket smallint not null,
  key_id text not null,
  nonce bytea not null check (length(nonce) = 16),
  signed_at bigint not null,
  primary key (home_id, bucket, key_id, nonce, signed_at)
) partition by list (bucket);
select base.declare_distributed('tenancy.nonce');
create table tenancy.nonce_0 partition of tenancy.nonce for values in (0);
create table tenancy.nonce_1 partition of tenancy.nonce for values in (1);
create table tenancy.nonce_2 partition of tenancy.nonce for values in (2);
create table tenancy.nonce_3 partition of tenancy.nonce for values in (3);
create table tenancy.nonce_4 partition of tenancy.nonce for values in (4);
create table tenancy.nonce_5 partition of tenancy.nonce for values in (5);
create table tenancy.nonce_6 partition of tenancy.nonce for values in (6);
create table tenancy.nonce_7 partition of tenancy.nonce for values in (7);

create function tenancy.spend_nonces(p_home bigint, p_keys text[], p_nonces bytea[], p_signed bigint[])
returns void language plpgsql as $$
begin
  insert into tenancy.nonce (home_id, bucket, key_id, nonce, signed_at)
  select p_home, ((n.s / 900) % 8)::smallint, n.k, n.x, n.s
  from unnest(p_keys, p_nonces, p_signed) as n (k, x, s);
end $$;

create function tenancy.empty_idle_nonces(p_now_s bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  execute format('truncate tenancy.nonce_%s', ((p_now_s / 900) + 4) % 8);
end $$;
revoke all on function tenancy.empty_idle_nonces(bigint) from public;
grant execute on function tenancy.empty_idle_nonces(bigint) to commissary_app;

create function tenancy.raise_epoch(p_mall bigint) returns bigint language sql as $$
  update tenancy.epoch set value = value + 1 where mall_id = p_mall returning value
$$;

-- Look-ups that run before the mall is known. They return only what that step needs.
create function tenancy.epochs() returns table (mall_id bigint, value bigint)
language sql stable security definer set search_path = '' as
$$ select mall_id, value from tenancy.epoch $$;

create function tenancy.open_malls() returns setof tenancy.mall
language sql stable security definer set search_path = '' as
$$ select * from tenancy.mall where status <> 'closed' $$;

create function tenancy.mall_by_slug(p_slug text) returns setof tenancy.mall
language sql stable security definer set search_path = '' as
$$ select * from tenancy.mall where slug = p_slug and status <> 'closed' $$;

-- Founding a mall is the platform's act: its rows exist before anyone can be inside it.
create function tenancy.found_mall(
  p_id bigint, p_slug text, p_name text, p_currency text, p_zone text, p_shadow_of bigint, p_at timestamptz
) returns void language sql security definer set search_path = '' as $$
  insert into tenancy.mall (id, slug, name, currency, zone, shadow_of, created_at)
    values (p_id, p_slug, p_name, p_currency, p_zone, p_shadow_of, p_at);
  insert into tenancy.epoch values (p_id, 1);
$$;

create function tenancy.next_mall_id() returns bigint
language sql stable security definer set search_path = '' as
$$ select coalesce(max(id), 0) + 1 from tenancy.mall $$;

revoke all on function tenancy.epochs(), tenancy.open_malls(), tenancy.mall_by_slug(text), tenancy.next_mall_id(),
  tenancy.found_mall(bigint, text, text, text, text, bigint, timestamptz) from public;
grant execute on function tenancy.epochs(), tenancy.open_malls(), tenancy.mall_by_slug(text) to commissary_app, commissary_vault;

-- Never on the partitions: row-level security is asked of the table that a statement names.
grant select on tenancy.mall, tenancy.organisation, tenancy.person, tenancy.member, tenancy.session, tenancy.api_key,
  tenancy.epoch, tenancy.audit, tenancy.nonce to commissary_app, commissary_vault, commissary_report;
grant insert, update on tenancy.organisation, tenancy.person, tenancy.member, tenancy.session, tenancy.api_key to commissary_app;
grant update (name, zone, status, clock_offset_s) on tenancy.mall to commissary_app;
grant delete on tenancy.member to commissary_app;
grant insert on tenancy.audit to commissary_app, commissary_vault;
grant update on tenancy.epoch to commissary_app, commissary_vault;
grant insert on tenancy.nonce to commissary_app, commissary_vault;
