-- Brand → product → SKU; versions of a SKU as orders saw them; tax rules as dated data.

create schema catalog;
grant usage on schema catalog to commissary_app, commissary_vault, commissary_report;

create table catalog.brand (
  mall_id bigint not null,
  id bigint not null,
  name_zh text not null check (length(name_zh) between 1 and 120),
  name_en text not null check (length(name_en) between 1 and 120),
  fingerprint_scope text not null,     -- brands of the same name share it over malls: one code is one code everywhere
  version integer not null default 1,
  created_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, name_zh)
);
select base.declare_mall('catalog.brand', 'reference');

create table catalog.product (
  mall_id bigint not null,
  id bigint not null,
  brand_id bigint not null,
  name_zh text not null check (length(name_zh) between 1 and 200),
  name_en text not null check (length(name_en) between 1 and 200),
  description_zh text not null default '',
  description_en text not null default '',
  guide_zh text not null default '',   -- how to redeem
  guide_en text not null default '',
  regions text[] not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, brand_id) references catalog.brand (mall_id, id)
);
select base.declare_mall('catalog.product', 'reference');

create table catalog.sku (
  mall_id bigint not null,
  id bigint not null,
  product_id bigint not null,
  code text not null check (length(code) between 1 and 80),   -- the operator's own article number
  name_zh text not null check (length(name_zh) between 1 and 200),
  name_en text not null check (length(name_en) between 1 and 200),
  kind text not null check (kind in ('code', 'link', 'voucher', 'shared_code', 'topup', 'membership', 'bundle')),
  face_value_e4 bigint check (face_value_e4 > 0),
  face_currency text check (face_currency ~ '^[A-Z]{3}$'),
  validity_days integer check (validity_days > 0),
  period_months smallint check (period_months > 0),
  fields jsonb not null default '[]',                         -- what a top-up asks for, with validation
  case_sensitive boolean not null default true,               -- of its codes, when looking for duplicates
  -- Nothing is listed while one of these is unknown (instrument classification).
  instrument_class text check (instrument_class in ('stored_value_single', 'stored_value_multi',
    'specific_item_voucher', 'direct_topup', 'subscription', 'coupon_promo')),
  issuer text,
  -- Who redeems it: the issuer alone, its group, traders under the same brand, or several unrelated companies.
  redeem_scope text check (redeem_scope in ('issuer', 'group', 'brand', 'several')),
  registered boolean,
  tax_category text,
  jurisdiction text not null default 'CN' check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
  -- Who issues value that several companies redeem needs a payment licence.
  issuer_licence_no text,
  issuer_licence_expires date,
  issuer_licence_sha256 bytea check (length(issuer_licence_sha256) = 32),   -- of the document
  fund_mode text not null default 'principal' check (fund_mode in ('principal', 'agent')),
  release_at timestamptz,                                     -- a pre-order is delivered then
  max_quantity integer not null default 1000 check (max_quantity between 1 and 1000000),
  low_stock integer check (low_stock >= 0),
  status text not null default 'draft' check (status in ('draft', 'listed', 'delisted', 'deleted')),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, code),
  foreign key (mall_id, product_id) references catalog.product (mall_id, id),
  check (face_value_e4 is null or face_currency is not null),
  -- A bundle is classified by its parts, line by line.
  check (status <> 'listed' or kind = 'bundle' or (instrument_class is not null and issuer is not null
    and redeem_scope is not null and registered is not null and tax_category is not null)),
  check (status <> 'listed' or kind = 'bundle' or instrument_class not in ('stored_value_single', 'stored_value_multi')
    or face_value_e4 is not null),
  check (status <> 'listed' or kind = 'bundle' or instrument_class <> 'stored_value_multi'
    or (issuer_licence_no is not null and issuer_licence_expires is not null and issuer_licence_sha256 is not null)),
  check (status <> 'listed' or kind = 'bundle' or instrument_class <> 'stored_value_single' or redeem_scope <> 'several')
);
select base.declare_mall('catalog.sku', 'reference');

-- What a bundle is made of.
create table catalog.component (
  mall_id bigint not null,
  bundle_id bigint not null,
  sku_id bigint not null,
  quantity integer not null check (quantity between 1 and 100),
  position smallint not null,
  primary key (mall_id, bundle_id, sku_id),
  foreign key (mall_id, bundle_id) references catalog.sku (mall_id, id),
  foreign key (mall_id, sku_id) references catalog.sku (mall_id, id),
  check (bundle_id <> sku_id)
);
select base.declare_mall('catalog.component', 'reference');

-- A SKU as it was shown: order lines point here, so that editing or deleting changes no order.
create table catalog.sku_version (
  mall_id bigint not null,
  sku_id bigint not null,
  version integer not null,
  body jsonb not null,
  at timestamptz not null,
  primary key (mall_id, sku_id, version)
);
select base.declare_mall('catalog.sku_version', 'reference');

create table catalog.tax_rule (
  mall_id bigint not null,
  id bigint not null,
  category text not null,
  instrument_class text not null,
  fund_mode text not null check (fund_mode in ('principal', 'agent')),
  rate_bp integer not null check (rate_bp between 0 and 10000),
  tax_code text not null,
  invoice_types text[] not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  source text not null,
  primary key (mall_id, id),
  unique (mall_id, category, instrument_class, fund_mode, valid_from),
  check (valid_to is null or valid_to > valid_from)
);
select base.declare_mall('catalog.tax_rule', 'reference');

-- What the law lets an instrument be worth and how long it must hold. Data, because limits differ by place and change.
create table catalog.instrument_limit (
  mall_id bigint not null,
  id bigint not null,
  jurisdiction text not null,
  instrument_class text not null,
  registered boolean not null,
  max_face_e4 bigint not null check (max_face_e4 > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  may_expire boolean not null,
  min_validity_months smallint not null default 0 check (min_validity_months >= 0),
  valid_from timestamptz not null,
  valid_to timestamptz,
  source text not null,
  primary key (mall_id, id),
  unique (mall_id, jurisdiction, instrument_class, registered, valid_from),
  check (valid_to is null or valid_to > valid_from)
);
select base.declare_mall('catalog.instrument_limit', 'reference');

grant select on catalog.brand, catalog.product, catalog.sku, catalog.component, catalog.sku_version, catalog.tax_rule,
  catalog.instrument_limit to commissary_app, commissary_vault, commissary_report;
grant insert, update on catalog.brand, catalog.product, catalog.sku to commissary_app;
grant insert, delete on catalog.component to commissary_app;
grant insert on catalog.sku_version, catalog.tax_rule, catalog.instrument_limit to commissary_app;
grant update (valid_to) on catalog.tax_rule, catalog.instrument_limit to commissary_app;
