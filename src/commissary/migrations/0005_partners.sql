-- Buyers and suppliers as companies: tier, terms, contacts.

create schema partners;
grant usage on schema partners to commissary_app, commissary_vault, commissary_report;

create table partners.tier (
  mall_id bigint not null,
  id bigint not null,
  name text not null check (length(name) between 1 and 80),
  rank smallint not null default 0,
  created_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, name)
);
select base.declare_mall('partners.tier', 'reference');

create table partners.buyer (
  mall_id bigint not null,
  id bigint not null,                  -- the organisation's id
  tier_id bigint,
  account_id bigint not null,          -- its main wallet
  low_balance_e4 bigint,               -- tell both sides below this
  notes text not null default '',
  updated_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, id) references tenancy.organisation (mall_id, id),
  foreign key (mall_id, tier_id) references partners.tier (mall_id, id)
);
select base.declare_mall('partners.buyer', 'reference');

create table partners.supplier (
  mall_id bigint not null,
  id bigint not null,
  grade text not null default 'X' check (grade in ('A', 'B', 'C', 'X')),
  settlement_days smallint not null default 0 check (settlement_days between 0 and 180),
  updated_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, id) references tenancy.organisation (mall_id, id)
);
select base.declare_mall('partners.supplier', 'reference');

-- People behind a company. Phone and mail are personal data: encrypted, with the last digits to recognise them by.
create table partners.contact (
  mall_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  name text not null,
  phone bytea,
  phone_last text,
  email bytea,
  purpose text not null default 'general' check (purpose in ('general', 'finance', 'technical', 'aftersale')),
  created_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id)
);
select base.declare_mall('partners.contact', 'local');

grant select on partners.tier, partners.buyer, partners.supplier, partners.contact to commissary_app, commissary_vault, commissary_report;
grant insert, update on partners.tier, partners.buyer, partners.supplier, partners.contact to commissary_app;
grant delete on partners.contact, partners.tier to commissary_app;
