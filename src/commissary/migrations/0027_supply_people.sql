-- Suppliers who are people: what they declare to have, and what of it is asked of them at the moment.

-- What a person said last that he has for an offer. `free`: of it, what no open purchase is for. A purchase that begins
-- takes from it, so that nothing is asked of him twice over, whoever asks at the same time.
create table supply.declared (
  home_id bigint not null,
  offer_id bigint not null,
  n integer not null check (n > 0),    -- the how-manieth time that he declared
  declared integer not null check (declared >= 0),
  free integer not null check (free between 0 and declared),
  declared_at timestamptz not null,
  primary key (home_id, offer_id)
);
select base.declare_distributed('supply.declared');

-- A purchase that waits for its supplier's people. `n`: the declaration that it was taken from: what was declared anew
-- since counts it already.
create table supply.reserved (
  home_id bigint not null,
  attempt_id bigint not null,
  offer_id bigint not null,
  n integer not null,
  quantity integer not null check (quantity > 0),
  primary key (home_id, attempt_id)
);
create index reserved_offer on supply.reserved (home_id, offer_id);
select base.declare_distributed('supply.reserved');

-- The offers that can serve a SKU when people's are the only ones; null: there are others, or none.
alter table supply.shelf add column people bigint[];

grant select on supply.declared, supply.reserved to commissary_app, commissary_vault, commissary_report;
grant insert, update on supply.declared to commissary_app;
grant update (free) on supply.declared to commissary_vault;
grant insert, delete on supply.reserved to commissary_vault;
