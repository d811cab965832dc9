-- The list of batches, put together of what was asked for.

-- name: page
with page as (
  select b.* from (
    select b.home_id, b.id, b.sku_id, b.supplier_id, b.source, b.proof_name, b.unit_cost_e4, b.currency, b.expires_at, b.import_id,
      b.state, b.created_at, b.sealed_at, b.commitment_root, b.received
    from stock.batch b
    where {where}
    order by {order} limit %(size)s
  ) b
)
select b.id, b.sku_id, b.supplier_id, b.source, b.proof_name, b.unit_cost_e4, b.currency, nullif(b.expires_at, 'infinity'), b.import_id,
  b.state, b.created_at, b.sealed_at, b.commitment_root, b.received,
  l.available, l.sold, l.frozen, l.void, l.expired, l.returned, l.unlimited
from page b
cross join lateral (
  select coalesce(sum(end_seq - next_seq + 1) filter (where state = 'open'), 0)::bigint as available,
    coalesce(sum(next_seq - start_seq), 0)::bigint as sold,
    coalesce(sum(end_seq - next_seq + 1) filter (where state = 'frozen'), 0)::bigint as frozen,
    coalesce(sum(end_seq - next_seq + 1) filter (where state = 'void'), 0)::bigint as void,
    coalesce(sum(end_seq - next_seq + 1) filter (where state = 'expired'), 0)::bigint as expired,
    coalesce(sum(end_seq - next_seq + 1) filter (where state = 'returned'), 0)::bigint as returned,
    coalesce(bool_or(unlimited), false) as unlimited
  from stock.lot where home_id = b.home_id and batch_id = b.id
) l
order by {order}

-- name: matching
select {what} from stock.batch b where {where}

-- name: worth
-- What is for sale of them, by currency: codes, and what they cost.
select b.currency, sum(l.end_seq - l.next_seq + 1)::bigint, sum((l.end_seq - l.next_seq + 1) * l.unit_cost_e4)::bigint
from stock.batch b join stock.lot l on l.home_id = b.home_id and l.batch_id = b.id and l.state = 'open' and not l.unlimited
where {where}
group by b.currency order by b.currency

-- name: home
b.home_id = %(home)s

-- name: sku
b.sku_id = %(sku)s

-- name: supplier
b.supplier_id = %(supplier)s

-- name: state
b.state = any (%(state)s::text[])

-- name: lot_state
-- One of its ranges is so, with codes left in it.
exists (select from stock.lot l where l.home_id = b.home_id and l.batch_id = b.id and l.state = any (%(lots)s::text[]) and l.next_seq <= l.end_seq)

-- name: expires_from
b.expires_at >= %(expires_from)s

-- name: expires_to
b.expires_at < %(expires_to)s

-- name: typed
(position(lower(%(q)s) in lower(b.source)) > 0 or b.id::text like %(begins)s)
