-- Codes that a supplier's own people brought: they lie in the vault, and nothing of them is for sale before the mall says so.

-- `id` is the import's. `sha256` of the file is the supplier's receipt.
create table stock.intake (
  home_id bigint not null,
  id bigint not null,
  sku_id bigint not null,
  supplier_id bigint not null,
  state text not null default 'waiting' check (state in ('waiting', 'released', 'refused')),
  reason text not null default '' check (length(reason) <= 500),
  brought_by text not null,
  brought_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  primary key (home_id, id),
  check ((state = 'waiting') = (decided_at is null)),
  check ((decided_by is null) = (decided_at is null))
);
create index intake_supplier on stock.intake (home_id, supplier_id, id);
create index intake_waiting on stock.intake (home_id, id) where state = 'waiting';
select base.declare_distributed('stock.intake');
grant select, insert on stock.intake to commissary_vault;
grant select, update (state, reason, decided_by, decided_at) on stock.intake to commissary_app;
grant select on stock.intake to commissary_report;

-- A lot of an intake that nobody released: whatever verb tries, it is not for sale. No lot is held yet, so there is nothing to validate.
alter table stock.lot add column held boolean not null default false;
alter table stock.lot add constraint lot_held check (not held or state not in ('open', 'sold_out')) not valid;
grant update (held) on stock.lot to commissary_app, commissary_vault;
