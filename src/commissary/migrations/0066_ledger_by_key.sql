-- The same, but that its rows are found by their keys whatever the planner believes: `= any (array)` beside the join.

create or replace function ledger.post_batch(
  p_home bigint, p_at timestamptz,
  p_accounts bigint[], p_deltas bigint[], p_held_deltas bigint[],
  p_ids bigint[], p_drs bigint[], p_crs bigint[], p_amounts bigint[], p_kinds smallint[], p_orders bigint[],
  p_currency text, p_memo text
) returns integer language plpgsql as $$
declare v_changed integer;
begin
  update ledger.account a
    set balance_e4 = a.balance_e4 + d.delta, held_e4 = a.held_e4 + d.held, updated_at = p_at
    from unnest(p_accounts, p_deltas, p_held_deltas) as d (id, delta, held)
    where a.home_id = p_home and a.id = any (p_accounts) and a.id = d.id and a.currency = p_currency and a.state <> 'closed';
  get diagnostics v_changed = row_count;
  insert into ledger.transfer (home_id, id, dr_id, cr_id, amount_e4, currency, kind, order_id, memo, at)
    select p_home, t.id, t.dr, t.cr, t.amount, p_currency, t.kind, t.order_id, p_memo, p_at
    from unnest(p_ids, p_drs, p_crs, p_amounts, p_kinds, p_orders) as t (id, dr, cr, amount, kind, order_id);
  return v_changed;
end $$;
