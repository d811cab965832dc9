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

-- Whatever verb opens a lot: not one of an intake that nobody released.
create function stock.require_released() returns trigger language plpgsql as $$
begin
  if exists (
    select from stock.batch b join stock.intake d on d.home_id = b.home_id and d.id = b.import_id
    where b.home_id = new.home_id and b.id = new.batch_id and d.state <> 'released')
  then
    raise exception 'lot % is of an intake that was not released', new.id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger lot_opened after update of state on stock.lot for each row
  when (new.state = 'open' and old.state <> 'open') execute function stock.require_released();
create trigger lot_added_open after insert on stock.lot for each row
  when (new.state = 'open') execute function stock.require_released();
