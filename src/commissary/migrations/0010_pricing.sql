-- Price books: the list, one per tier, one per contract. An entry is a version of a SKU's ladder in a book; nothing is
-- overwritten, so history, schedule and undo are the same table read at another instant.

create schema pricing;
grant usage on schema pricing to commissary_app, commissary_vault, commissary_report;

create table pricing.book (
  mall_id bigint not null,
  id bigint not null,
  kind text not null check (kind in ('list', 'tier', 'contract')),
  tier_id bigint,
  buyer_id bigint,
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null,
  primary key (mall_id, id),
  check ((kind = 'tier') = (tier_id is not null)),
  check ((kind = 'contract') = (buyer_id is not null))
);
create unique index book_list on pricing.book (mall_id, currency) where kind = 'list';
create unique index book_tier on pricing.book (mall_id, tier_id, currency) where kind = 'tier';
create unique index book_contract on pricing.book (mall_id, buyer_id, currency) where kind = 'contract';
select base.declare_mall('pricing.book', 'reference');

-- One act of changing prices: a hand edit, a template, a schedule, an undo.
create table pricing.change (
  mall_id bigint not null,
  id bigint not null,
  kind text not null check (kind in ('edit', 'template', 'schedule', 'undo', 'sheet')),
  author text not null,
  reason text not null default '',
  entries integer not null,
  template_id bigint,
  undoes bigint,
  valid_from timestamptz not null,
  at timestamptz not null,
  primary key (mall_id, id)
);
create unique index change_undone_once on pricing.change (mall_id, undoes) where undoes is not null;
select base.declare_mall('pricing.change', 'reference');

create table pricing.entry (
  mall_id bigint not null,
  book_id bigint not null,
  sku_id bigint not null,
  valid_from timestamptz not null,
  id bigint not null,                  -- later ids win at the same instant
  minimums integer[] not null,         -- ladder: from this quantity …
  prices_e4 bigint[] not null,         -- … this unit price; empty when the SKU leaves the book
  change_id bigint not null,
  primary key (mall_id, book_id, sku_id, valid_from, id),
  foreign key (mall_id, book_id) references pricing.book (mall_id, id),
  foreign key (mall_id, change_id) references pricing.change (mall_id, id),
  check (cardinality(minimums) = cardinality(prices_e4)),
  check (cardinality(minimums) = 0 or minimums[1] = 1),
  check (0 < all (prices_e4))
);
create index entry_change on pricing.entry (mall_id, change_id);
-- A book's entries in the order they were written (its row is locked meanwhile, and ids only grow within a book): whoever
-- knows them up to one id reads on from there.
create unique index entry_written on pricing.entry (mall_id, book_id, id);
create index entry_sku on pricing.entry (mall_id, sku_id, valid_from);
select base.declare_mall('pricing.entry', 'reference');

-- The least margin over cost, per SKU or (sku_id 0) for the mall.
create table pricing.floor (
  mall_id bigint not null,
  sku_id bigint not null,
  margin_bp integer not null check (margin_bp between -10000 and 100000),
  author text not null,
  at timestamptz not null,
  primary key (mall_id, sku_id)
);
select base.declare_mall('pricing.floor', 'reference');

create table pricing.template (
  mall_id bigint not null,
  id bigint not null,
  name text not null,
  rules jsonb not null,                -- pricing.types.Template
  created_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, name)
);
select base.declare_mall('pricing.template', 'reference');

-- A quote that is still valid binds us, up to its quantity.
create table pricing.quote (
  home_id bigint not null,
  id bigint not null,
  buyer_id bigint not null,
  expires_at timestamptz not null,
  made_at timestamptz not null,
  primary key (home_id, id)
);
select base.declare_distributed('pricing.quote');

create table pricing.quote_line (
  home_id bigint not null,
  quote_id bigint not null,
  sku_id bigint not null,
  quantity integer not null check (quantity > 0),
  used integer not null default 0 check (used between 0 and quantity),
  unit_price_e4 bigint not null check (unit_price_e4 > 0),
  currency text not null,
  source text not null,                -- which book and rung the price came from
  primary key (home_id, quote_id, sku_id),
  foreign key (home_id, quote_id) references pricing.quote (home_id, id)
);
select base.declare_distributed('pricing.quote_line');

create function pricing.lock_quotes(p_home bigint, p_quotes bigint[])
returns table (quote_id bigint, sku_id bigint, buyer_id bigint, expires_at timestamptz, remaining integer,
  unit_price_e4 bigint, currency text)
language plpgsql as $$
begin
  return query
  select l.quote_id, l.sku_id, q.buyer_id, q.expires_at, l.quantity - l.used, l.unit_price_e4, l.currency
  from pricing.quote_line l
  join pricing.quote q on q.home_id = l.home_id and q.id = l.quote_id
  where l.home_id = p_home and l.quote_id = any (p_quotes)
  order by l.quote_id, l.sku_id
  for no key update of l;
end $$;

create function pricing.use_quotes(p_home bigint, p_quotes bigint[], p_skus bigint[], p_used integer[])
returns integer language plpgsql as $$
declare v_used integer;
begin
  update pricing.quote_line l set used = l.used + u.used
    from unnest(p_quotes, p_skus, p_used) as u (quote_id, sku_id, used)
    where l.home_id = p_home and l.quote_id = u.quote_id and l.sku_id = u.sku_id;
  get diagnostics v_used = row_count;
  return v_used;
end $$;

grant select on pricing.book, pricing.change, pricing.entry, pricing.floor, pricing.template, pricing.quote,
  pricing.quote_line to commissary_app, commissary_vault, commissary_report;
grant insert on pricing.book, pricing.change, pricing.entry, pricing.quote, pricing.quote_line to commissary_app;
grant update (name) on pricing.book to commissary_app;   -- also what locking a book needs
grant insert, update on pricing.template, pricing.floor to commissary_app;
grant update (used) on pricing.quote_line to commissary_app, commissary_vault;
