-- Prices that follow their cost by a template, and moves too great to be made without a person.

create table pricing.follow (
  mall_id bigint not null,
  id bigint not null,
  book_id bigint not null,
  scope text not null check (scope in ('mall', 'brand', 'product', 'sku')),
  scope_id bigint not null,            -- 0 of the mall
  template_id bigint not null,
  limit_bp integer not null check (limit_bp between 0 and 10000),   -- a greater move of a price waits for a person
  active boolean not null default true,
  author text not null,
  at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, book_id, scope, scope_id),
  check ((scope = 'mall') = (scope_id = 0)),
  foreign key (mall_id, book_id) references pricing.book (mall_id, id),
  foreign key (mall_id, template_id) references pricing.template (mall_id, id)
);
select base.declare_mall('pricing.follow', 'reference');

create table pricing.proposal (
  mall_id bigint not null,
  id bigint not null,
  book_id bigint not null,
  sku_id bigint not null,
  template_id bigint not null,
  minimums integer[] not null,
  prices_e4 bigint[] not null,
  old_unit_price_e4 bigint not null,
  cost_e4 bigint not null,             -- that it follows
  why text not null check (why in ('over_limit', 'below_floor')),
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'refused', 'replaced')),
  change_id bigint,
  at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  primary key (mall_id, id),
  check ((state = 'waiting') = (decided_at is null)),
  check ((state = 'approved') = (change_id is not null)),
  foreign key (mall_id, book_id) references pricing.book (mall_id, id)
);
-- The latest word counts: a newer one replaces what waits.
create unique index proposal_waiting on pricing.proposal (mall_id, book_id, sku_id) where state = 'waiting';
select base.declare_mall('pricing.proposal', 'reference');

grant select on pricing.follow, pricing.proposal to commissary_app, commissary_vault, commissary_report;
grant insert, update on pricing.follow, pricing.proposal to commissary_app;
