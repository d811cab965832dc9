-- Catalogues and balances are pulled from each connection at its own pace, by one process at a time.

alter table supply.connection add column pull_s integer not null default 300 check (pull_s between 10 and 86400);

create table supply.pull (
  mall_id bigint not null,
  connection_id bigint not null,
  due_at timestamptz not null,
  leased_until timestamptz,            -- by whoever pulls now
  lease bigint not null default 0,
  ended_at timestamptz,                -- of the last one
  seen integer not null default 0,     -- articles that it saw,
  changed integer not null default 0,  -- and offers that were different since
  error text not null default '',      -- a code, never a supplier's text
  low_told boolean not null default false,   -- whether it was told that the balance is low; false again when it is not
  primary key (mall_id, connection_id),
  foreign key (mall_id, connection_id) references supply.connection (mall_id, id)
);
select base.declare_mall('supply.pull', 'reference');

grant select on supply.pull to commissary_app, commissary_vault, commissary_report;
grant insert, update on supply.pull to commissary_app;
