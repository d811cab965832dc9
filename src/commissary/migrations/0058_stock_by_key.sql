-- The same, but that its rows are found by their keys whatever the planner believes: `= any (array)` beside the join.

create or replace function stock.take_batch(p_home bigint, p_lots bigint[], p_seen integer[], p_counts integer[])
returns integer language plpgsql as $$
declare v_moved integer;
begin
  update stock.lot l
    set next_seq = case when l.unlimited then l.next_seq else l.next_seq + t.taken end,
        state = case when not l.unlimited and l.next_seq + t.taken > l.end_seq then 'sold_out' else l.state end
    from unnest(p_lots, p_seen, p_counts) as t (id, seen, taken)
    where l.home_id = p_home and l.id = any (p_lots) and l.id = t.id and l.next_seq = t.seen and l.state = 'open'
      and (l.unlimited or l.next_seq + t.taken <= l.end_seq + 1);
  get diagnostics v_moved = row_count;
  return v_moved;
end $$;
