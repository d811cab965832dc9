-- Buyers who want to be told when their prices or what they may buy change, and what each was told last.

create table pricing.subscription (
  mall_id bigint not null,
  id bigint not null,
  buyer_id bigint not null,
  name text not null check (length(name) between 1 and 80),
  every boolean not null,              -- all that he may buy, whatever that is by then
  threshold_bp integer not null check (threshold_bp between 0 and 10000),
  availability boolean not null,       -- whether he is also told when goods can be bought or cannot
  window_ms integer not null check (window_ms between 1000 and 300000),
  told_n integer not null default 0,   -- messages so far: their order
  author text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, buyer_id, name)
);
select base.declare_mall('pricing.subscription', 'local');

-- What a subscriber knows of a SKU: a message and this row are written in one transaction. Empty: he knows of no price.
create table pricing.told (
  mall_id bigint not null,
  subscription_id bigint not null,
  sku_id bigint not null,
  minimums integer[] not null,
  prices_e4 bigint[] not null,
  available boolean not null,
  at timestamptz not null,
  primary key (mall_id, subscription_id, sku_id),
  foreign key (mall_id, subscription_id) references pricing.subscription (mall_id, id),
  check (cardinality(minimums) = cardinality(prices_e4))
) with (fillfactor = 70);
select base.declare_mall('pricing.told', 'local');

-- Which process tells the subscribers of a mall. `rev` grows with every change of a subscription.
create table pricing.teller (
  mall_id bigint primary key,
  rev bigint not null,
  holder text not null default '',
  expires_at timestamptz not null
) with (fillfactor = 40);
select base.declare_mall('pricing.teller', 'local');

-- Malls with subscribers, before any mall is known.
create function pricing.tellers() returns table (mall_id bigint, epoch bigint, rev bigint, holder text, expires_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select t.mall_id, e.value, t.rev, t.holder, t.expires_at
  from pricing.teller t join tenancy.epoch e on e.mall_id = t.mall_id
$$;
revoke all on function pricing.tellers() from public;
grant execute on function pricing.tellers() to commissary_app;

grant select on pricing.subscription, pricing.told, pricing.teller to commissary_app, commissary_vault, commissary_report;
grant insert, update, delete on pricing.subscription, pricing.told to commissary_app;
grant insert, update on pricing.teller to commissary_app;
