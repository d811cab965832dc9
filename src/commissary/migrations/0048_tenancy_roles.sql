-- Roles of a mall's own, and invitations by link.

create table tenancy.role (
  mall_id bigint not null references tenancy.mall (id),
  id bigint not null,
  kind text not null check (kind in ('mall', 'buyer', 'supplier', 'enterprise')),  -- of organisations in which it can be held
  zh text not null check (length(zh) between 1 and 60),
  en text not null check (length(en) between 1 and 60),
  permissions text[] not null check (cardinality(permissions) > 0),
  version integer not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (mall_id, id)
);
select base.declare_mall('tenancy.role', 'local');

-- Whoever holds one is named by it, so that one that is held cannot be deleted. Few rows, looked at once.
alter table tenancy.member add column role_id bigint;
-- squawk-ignore constraint-missing-not-valid
alter table tenancy.member add constraint member_role_own
  check (case when role_id is null then role not like 'own:%' else role = 'own:' || role_id end);
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table tenancy.member add constraint member_role_known
  foreign key (mall_id, role_id) references tenancy.role (mall_id, id);
-- squawk-ignore require-concurrent-index-creation -- as many rows as people
create index member_role on tenancy.member (mall_id, role_id) where role_id is not null;

create table tenancy.invitation (
  mall_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  email text not null check (email = lower(email) and length(email) between 3 and 254),
  role text not null,
  role_id bigint,                                         -- while it is open
  token_hash bytea not null check (length(token_hash) = 32),  -- sha256; the token itself is nowhere
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by bigint,
  revoked_at timestamptz,
  primary key (mall_id, id),
  unique (mall_id, token_hash),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id),
  foreign key (mall_id, role_id) references tenancy.role (mall_id, id),
  foreign key (mall_id, used_by) references tenancy.person (mall_id, id),
  check ((used_at is null) = (used_by is null)),
  check (used_at is null or revoked_at is null),
  check (role_id is null or role = 'own:' || role_id)
);
select base.declare_mall('tenancy.invitation', 'local');
create index invitation_role on tenancy.invitation (mall_id, role_id) where role_id is not null;

grant select on tenancy.role, tenancy.invitation to commissary_app, commissary_vault, commissary_report;
grant insert, update, delete on tenancy.role to commissary_app;
grant insert, update on tenancy.invitation to commissary_app;
