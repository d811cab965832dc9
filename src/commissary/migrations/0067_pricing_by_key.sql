-- The same, but that its rows are found by their keys whatever the planner believes: `= any (array)` beside the join.

create or replace function pricing.use_quotes(p_home bigint, p_quotes bigint[], p_skus bigint[], p_used integer[])
returns integer language plpgsql as $$
declare v_used integer;
begin
  update pricing.quote_line l set used = l.used + u.used
    from unnest(p_quotes, p_skus, p_used) as u (quote_id, sku_id, used)
    where l.home_id = p_home and l.quote_id = any (p_quotes) and l.quote_id = u.quote_id and l.sku_id = u.sku_id;
  get diagnostics v_used = row_count;
  return v_used;
end $$;
