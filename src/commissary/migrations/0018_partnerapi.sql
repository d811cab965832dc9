-- What other systems' protocols need beside our own tables.

create schema partnerapi;
grant usage on schema partnerapi to commissary_app, commissary_vault, commissary_report;

-- Short numbers for SKUs and brands: other systems keep such ids in 32 bits, or in a browser's 53. Given once, for ever.
create table partnerapi.number (
  mall_id bigint not null,
  number integer not null check (number > 0),
  thing_id bigint not null,
  primary key (mall_id, number),
  unique (mall_id, thing_id)
);
select base.declare_mall('partnerapi.number', 'local');

-- The mall's application with an operator whose protocol signs with one beside the merchant's own secret.
create table partnerapi.application (
  mall_id bigint not null,
  face text not null,
  app_id text not null,
  secret bytea not null,               -- sealed
  set_at timestamptz not null,
  primary key (mall_id, face)
);
select base.declare_mall('partnerapi.application', 'local');

-- Orders whose shop is to be told what became of them. A row ends with the shop's word that it has heard: it is the newest
-- state that is told, read when it is sent, so nothing of an order is kept here.
create table partnerapi.callback (
  home_id bigint not null,
  order_id bigint not null,
  face text not null,
  key_id text not null,                -- whose secret signs
  url text not null,
  n integer not null,                  -- of the order's event that is to be told
  attempts smallint not null default 0,
  due_at timestamptz not null,         -- of one being sent: when its lease ends
  lease bigint not null default 0,
  primary key (home_id, order_id)
);
create index callback_due on partnerapi.callback (home_id, due_at);
select base.declare_distributed('partnerapi.callback');

-- Before any mall is known, hence security definer. There are few rows: each is an order whose shop has not heard yet.
create function partnerapi.homes_due(p_now timestamptz) returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  select distinct c.home_id from partnerapi.callback c where c.due_at <= p_now
$$;
revoke all on function partnerapi.homes_due(timestamptz) from public;
grant execute on function partnerapi.homes_due(timestamptz) to commissary_app;

grant select, insert on partnerapi.number to commissary_app;
grant select, insert, update on partnerapi.application to commissary_app;
grant select, insert, update, delete on partnerapi.callback to commissary_app;
grant select on partnerapi.number, partnerapi.application, partnerapi.callback to commissary_report;
