-- What must hold of stock at any moment; each query returns the rows that break it, all homes, as a role that sees them.

-- name: i8_lots_cover_each_code_once
-- Received = available + sold + frozen + void + expired + returned: lots of a batch lie end to end, from 1 to received.
select b.home_id, b.id as batch_id, b.received, l.lots, l.first, l.last, l.gaps
from stock.batch b
left join lateral (
  select count(*) as lots, min(x.start_seq) as first, max(x.end_seq) as last,
    count(*) filter (where x.previous is not null and x.start_seq <> x.previous + 1) as gaps
  from (
    select start_seq, end_seq, lag(end_seq) over (order by start_seq, end_seq) as previous
    from stock.lot where home_id = b.home_id and batch_id = b.id
  ) x
) l on true
where (l.first, l.last, l.gaps) is distinct from (1, b.received, 0::bigint)

-- name: i8_counters_within_lots
-- Empty lots are never left over; a sold-out lot has nothing left; codes aside were never sold.
select home_id, id as lot_id, batch_id, start_seq, next_seq, end_seq, state
from stock.lot
where end_seq < start_seq or next_seq not between start_seq and end_seq + 1
  or (state = 'sold_out') <> (next_seq = end_seq + 1)
  or (state in ('void', 'returned', 'receiving') and next_seq <> start_seq)
  or (unlimited and (start_seq, next_seq, end_seq) <> (1, 1, 1))

-- name: i8_every_code_is_there
select b.home_id, b.id as batch_id, b.received, c.codes, c.last
from stock.batch b
left join lateral (
  select count(*) as codes, coalesce(max(seq), 0) as last from stock.code where home_id = b.home_id and batch_id = b.id
) c on true
where (c.codes, c.last) is distinct from (b.received::bigint, b.received)

-- name: i8_every_code_has_its_fingerprint
select b.home_id, b.id as batch_id, b.received, coalesce(f.codes, 0) as fingerprints
from stock.batch b
left join (
  select mall_id, batch_id, count(distinct seq) as codes from stock.fingerprint group by mall_id, batch_id
) f on f.mall_id = b.home_id >> 10 and f.batch_id = b.id
where coalesce(f.codes, 0) <> b.received

-- name: i8_sealed_batches_have_a_root
select home_id, id as batch_id, state from stock.batch
where (state <> 'receiving') <> (commitment_root is not null and sealed_at is not null)
  or has_dek = (state = 'shredded')

-- name: i8_lots_fit_their_batch
select l.home_id, l.id as lot_id, l.batch_id, l.state, b.state as batch_state
from stock.lot l
left join stock.batch b on b.home_id = l.home_id and b.id = l.batch_id
where b.id is null or (l.sku_id, l.expires_at, l.unit_cost_e4) <> (b.sku_id, b.expires_at, b.unit_cost_e4)
  or (l.state = 'receiving') <> (b.state = 'receiving') or (b.state = 'recalled' and l.state = 'open')

-- name: i8_imports_add_up
select i.home_id, i.id as import_id, i.imported, coalesce(sum(b.received), 0) as received
from stock.import i
left join stock.batch b on b.home_id = i.home_id and b.import_id = i.id
group by i.home_id, i.id, i.imported
having i.imported <> coalesce(sum(b.received), 0)

-- name: i3_lots_overlap
-- A code in two lots could be sold twice.
select a.home_id, a.batch_id, a.id as lot_id, b.id as other_lot_id
from stock.lot a
join stock.lot b on b.home_id = a.home_id and b.batch_id = a.batch_id and b.id > a.id
  and b.start_seq <= a.end_seq and a.start_seq <= b.end_seq

-- name: i8_intakes_are_released_before_they_are_sold
select i.home_id, i.id as import_id, l.id as lot_id, l.state from stock.intake i
join stock.batch b on b.home_id = i.home_id and b.import_id = i.id
join stock.lot l on l.home_id = b.home_id and l.batch_id = b.id
where i.state <> 'released' and (l.state in ('open', 'sold_out') or l.next_seq > l.start_seq)
