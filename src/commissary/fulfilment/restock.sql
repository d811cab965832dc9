-- Buying for the shelf. Reads orders.line (what is sold), catalog.sku and tenancy.mall.
-- Locks: policies by SKU, or plans by id; then attempts; then months by (SKU, month).

-- name: mall
select currency, zone from tenancy.mall where id = %(mall)s

-- name: sku_kind
select kind from catalog.sku where mall_id = %(mall)s and id = %(sku)s and status <> 'deleted'

-- name: limits
select monthly_budget_e4, approval_e4, version, set_by, set_at from fulfilment.restock_limits where home_id = %(home)s

-- name: put_limits
-- From the version that was seen; 0: none was.
insert into fulfilment.restock_limits as l (home_id, monthly_budget_e4, approval_e4, version, set_by, set_at)
select %(home)s, %(budget)s, %(approval)s, 1, %(by)s, %(at)s
where %(seen)s = 0 or exists (select from fulfilment.restock_limits where home_id = %(home)s)
on conflict (home_id) do update set monthly_budget_e4 = excluded.monthly_budget_e4, approval_e4 = excluded.approval_e4,
  version = l.version + 1, set_by = excluded.set_by, set_at = excluded.set_at
where l.version = %(seen)s

-- name: policies
select active, reorder_at, reorder_days, cover_days, most_pieces, most_unit_e4, monthly_budget_e4, approval_e4, sku_id,
  version, set_by, set_at, sold_7, sold_28, counted_at, note
from fulfilment.restock_policy
where home_id = %(home)s and (%(skus)s::bigint[] is null or sku_id = any (%(skus)s)) and sku_id > %(after)s
order by sku_id limit %(size)s

-- name: lock_policies
-- Of SKUs without a plan under way; whoever has them looks, and nobody else does meanwhile.
select p.active, p.reorder_at, p.reorder_days, p.cover_days, p.most_pieces, p.most_unit_e4, p.monthly_budget_e4, p.approval_e4,
  p.sku_id, p.version, p.set_by, p.set_at, p.sold_7, p.sold_28, p.counted_at, p.note
from fulfilment.restock_policy p
where p.home_id = %(home)s and p.active and p.sku_id > %(after)s
order by p.sku_id limit %(size)s for update skip locked

-- name: planned
-- Asked behind the locks: SKUs with a plan under way.
select sku_id from fulfilment.restock
where home_id = %(home)s and sku_id = any (%(skus)s) and state in ('proposed', 'going')

-- name: put_policy
insert into fulfilment.restock_policy as p (home_id, sku_id, active, reorder_at, reorder_days, cover_days, most_pieces,
  most_unit_e4, monthly_budget_e4, approval_e4, version, set_by, set_at)
select %(home)s, %(sku)s, %(active)s, %(reorder_at)s, %(reorder_days)s, %(cover_days)s, %(most_pieces)s, %(most_unit_e4)s,
  %(monthly_budget_e4)s, %(approval_e4)s, 1, %(by)s, %(at)s
where %(seen)s = 0 or exists (select from fulfilment.restock_policy where home_id = %(home)s and sku_id = %(sku)s)
on conflict (home_id, sku_id) do update set active = excluded.active, reorder_at = excluded.reorder_at,
  reorder_days = excluded.reorder_days, cover_days = excluded.cover_days, most_pieces = excluded.most_pieces,
  most_unit_e4 = excluded.most_unit_e4, monthly_budget_e4 = excluded.monthly_budget_e4, approval_e4 = excluded.approval_e4,
  version = p.version + 1, set_by = excluded.set_by, set_at = excluded.set_at, counted_at = null
where p.version = %(seen)s

-- name: sold
-- Pieces ordered since two moments, both told as ids: a range of the time-ordered key.
select l.sku_id, coalesce(sum(l.quantity) filter (where l.order_id >= %(week)s), 0)::bigint, sum(l.quantity)::bigint
from orders.line l
where l.home_id = %(home)s and l.order_id >= %(month)s and l.sku_id = any (%(skus)s)
  and l.state not in ('cancelled', 'failed', 'reversed')
group by l.sku_id

-- name: set_sold
update fulfilment.restock_policy p set sold_7 = n.sold_7, sold_28 = n.sold_28, counted_at = %(at)s
from unnest(%(skus)s, %(sevens)s, %(months)s) as n (sku, sold_7, sold_28)
where p.home_id = %(home)s and p.sku_id = any (%(skus)s) and p.sku_id = n.sku

-- name: set_notes
update fulfilment.restock_policy p set note = n.note from unnest(%(skus)s, %(notes)s) as n (sku, note)
where p.home_id = %(home)s and p.sku_id = any (%(skus)s) and p.sku_id = n.sku and p.note <> n.note

-- name: budgets
select sku_id, month, limit_e4, committed_e4, spent_e4, late_e4 from fulfilment.restock_month
where home_id = %(home)s and month = %(month)s and (%(skus)s::bigint[] is null or sku_id = any (%(skus)s)) order by sku_id

-- name: promised
-- What plans under way will still ask of the budget.
select coalesce(sum(p.quantity::bigint * r.unit_cost_e4), 0)::bigint
from fulfilment.restock r
join fulfilment.restock_part p on p.home_id = r.home_id and p.restock_id = r.id and p.state = 'waiting'
where r.home_id = %(home)s and r.state in ('proposed', 'going')

-- name: add_restock
insert into fulfilment.restock (home_id, id, sku_id, quantity, unit_cost_e4, currency, offer_id, supplier_id, why, payload,
  made_by, state, proposed_at)
values (%(home)s, %(id)s, %(sku)s, %(quantity)s, %(unit)s, %(currency)s, %(offer)s, %(supplier)s, %(why)s, %(payload)s,
  %(by)s, %(state)s, %(at)s)
on conflict do nothing

-- name: add_parts
insert into fulfilment.restock_part (home_id, restock_id, part_no, sku_id, quantity, state, next_at)
select %(home)s, %(restock)s, n.no, %(sku)s, n.quantity, 'waiting', %(next)s
from unnest(%(nos)s, %(quantities)s) as n (no, quantity)

-- name: restocks
select id, sku_id, quantity, unit_cost_e4, currency, offer_id, supplier_id, why, encode(payload, 'hex'), made_by, state,
  reason, received, decided_by, proposed_at, decided_at, ended_at
from fulfilment.restock
where home_id = %(home)s and (%(ids)s::bigint[] is null or id = any (%(ids)s))
  and (%(sku)s::bigint is null or sku_id = %(sku)s) and (%(state)s::text is null or state = %(state)s)
  and (%(before)s::bigint is null or id < %(before)s)
order by id desc limit %(size)s

-- name: lock_restocks
select id, sku_id, quantity, unit_cost_e4, currency, offer_id, supplier_id, why, encode(payload, 'hex'), made_by, state,
  reason, received, decided_by, proposed_at, decided_at, ended_at
from fulfilment.restock where home_id = %(home)s and id = any (%(ids)s) order by id for update

-- name: due_restocks
-- Plans with a part to look at, as far as nobody else has them.
select r.id from fulfilment.restock r
where r.home_id = %(home)s and r.id in (
  select p.restock_id from fulfilment.restock_part p
  where p.home_id = %(home)s and p.next_at <= %(now)s order by p.next_at limit %(size)s)
order by r.id for update skip locked

-- name: parts
select restock_id, part_no, sku_id, quantity, state, reason, month, committed_e4, cost_e4, received, attempt_id, batch_id
from fulfilment.restock_part
where home_id = %(home)s and restock_id = any (%(ids)s) and (%(due)s::timestamptz is null or next_at <= %(due)s)
order by restock_id, part_no

-- name: set_parts
-- Of plans that the caller has locked.
update fulfilment.restock_part p set state = n.state, reason = n.reason, month = n.month, committed_e4 = n.committed,
  cost_e4 = n.cost, received = n.received, attempt_id = n.attempt, batch_id = n.batch, next_at = n.next
from unnest(%(restocks)s, %(nos)s, %(states)s, %(reasons)s, %(months)s::date[], %(committeds)s, %(costs)s, %(receiveds)s,
  %(attempts)s, %(batches)s, %(nexts)s)
  as n (restock, no, state, reason, month, committed, cost, received, attempt, batch, next)
where p.home_id = %(home)s and p.restock_id = any (%(restocks)s) and p.restock_id = n.restock and p.part_no = n.no

-- name: decide
update fulfilment.restock set state = %(state)s, reason = %(reason)s, decided_by = %(by)s, decided_at = %(at)s,
  ended_at = case when %(state)s = 'going' then null else %(at)s::timestamptz end
where home_id = %(home)s and id = %(id)s and state = 'proposed'

-- name: wake_parts
update fulfilment.restock_part set next_at = %(at)s
where home_id = %(home)s and restock_id = %(id)s and state = 'waiting'

-- name: lapse
update fulfilment.restock set state = 'lapsed', ended_at = %(at)s
where home_id = %(home)s and state = 'proposed' and proposed_at < %(before)s

-- name: end_restocks
-- What their parts come to: pieces received, and the end when none is open any more.
update fulfilment.restock r set received = s.received,
  state = case when s.open then r.state when s.received > 0 then 'done' else 'failed' end,
  reason = case when s.open or s.received > 0 then '' else s.reason end,
  ended_at = case when s.open then null else coalesce(r.ended_at, %(at)s) end
from (
  select p.restock_id, sum(p.received)::integer as received, bool_or(p.state in ('waiting', 'buying')) as open,
    max(p.reason) as reason
  from fulfilment.restock_part p where p.home_id = %(home)s and p.restock_id = any (%(ids)s) group by p.restock_id
) s
where r.home_id = %(home)s and r.id = s.restock_id and r.state in ('going', 'done', 'failed')

-- name: open_months
-- Locked, SKU by SKU: what is left of each.
insert into fulfilment.restock_month as m (home_id, sku_id, month, limit_e4)
select %(home)s, n.sku, %(month)s, n.most from unnest(%(skus)s, %(limits)s) as n (sku, most) order by n.sku
on conflict (home_id, sku_id, month) do update set limit_e4 = greatest(excluded.limit_e4, m.committed_e4 + m.spent_e4)
returning m.sku_id, m.month, m.limit_e4, m.committed_e4, m.spent_e4, m.late_e4

-- name: lock_months
select m.sku_id from fulfilment.restock_month m
where m.home_id = %(home)s and m.month = any (%(months)s::date[]) and m.sku_id = any (%(skus)s)
order by m.sku_id, m.month for update

-- name: take
update fulfilment.restock_month set committed_e4 = committed_e4 + %(amount)s
where home_id = %(home)s and month = %(month)s and sku_id in (0, %(sku)s)
  and committed_e4 + spent_e4 + late_e4 + %(amount)s <= limit_e4

-- name: settle_month
-- What was committed is free again; what it cost is spent, as far as there is room; what came back comes off.
update fulfilment.restock_month m set committed_e4 = m.committed_e4 - %(freed)s,
  spent_e4 = m.spent_e4 + least(%(cost)s, m.limit_e4 - m.committed_e4 + %(freed)s - m.spent_e4)
    - greatest(0, %(back)s - m.late_e4),
  late_e4 = m.late_e4 + greatest(0, %(cost)s - (m.limit_e4 - m.committed_e4 + %(freed)s - m.spent_e4))
    - least(m.late_e4, %(back)s)
where m.home_id = %(home)s and m.month = %(month)s and m.sku_id in (0, %(sku)s)
