-- Custody of one code, and what its holder and the public may see. Reads stock, orders, supply, catalog, tenancy by their keys.

-- name: code_of_fingerprint
select batch_id, seq from stock.fingerprint where fingerprint = %(fingerprint)s and mall_id = %(mall)s

-- name: code
select b.sku_id, b.supplier_id, coalesce(g.name, ''), b.source, b.import_id, b.proof_name, b.proof_sha256, b.received,
  b.created_at, b.state, b.commitment_root, c.commitment, l.state, l.unlimited, l.next_seq > %(seq)s
from stock.batch b
join stock.code c on c.home_id = b.home_id and c.batch_id = b.id and c.seq = %(seq)s
left join stock.lot l on l.home_id = b.home_id and l.batch_id = b.id and %(seq)s between l.start_seq and l.end_seq
left join tenancy.organisation g on g.mall_id = %(mall)s and g.id = b.supplier_id
where b.home_id = %(home)s and b.id = %(batch)s

-- name: takers
-- Newest first: a code is sold once, and again only when it came back; a shared one to anybody. The last column: which piece of
-- the line it is, counted as a reveal counts them.
select t.order_id, t.line_no, l.state, o.buyer_id, coalesce(g.name, ''), o.client_order_no, o.placed_at,
  (%(seq)s - t.first_seq + 1 + coalesce((
    select sum(e.last_seq - e.first_seq + 1) from orders.take e
    where e.home_id = t.home_id and e.order_id = t.order_id and e.line_no = t.line_no and e.n < t.n), 0))::int
from orders.take t
join orders.line l on l.home_id = t.home_id and l.order_id = t.order_id and l.line_no = t.line_no
join orders.orders o on o.home_id = t.home_id and o.id = t.order_id
left join tenancy.organisation g on g.mall_id = %(mall)s and g.id = o.buyer_id
where t.home_id = %(home)s and t.batch_id = %(batch)s and t.first_seq <= %(seq)s and t.last_seq >= %(seq)s
order by t.order_id desc limit %(most)s

-- name: bought_code
-- A code that was bought for one line and never lay in the vault: its purchase. Named by its place rather than its fingerprint
-- (`known`), it must be the purchase that the line was delivered from.
select a.sku_id, a.supplier_id, coalesce(g.name, ''), l.delivered, coalesce(a.answered_at, d.at), a.state, a.order_id, a.line_no,
  a.connection_id, coalesce(c.name, ''), a.supplier_ref, a.called_at
from supply.attempt a
join orders.line l on l.home_id = a.home_id and l.order_id = a.order_id and l.line_no = a.line_no
join orders.delivery d on d.home_id = a.home_id and d.order_id = a.order_id and d.line_no = a.line_no and d.n = %(seq)s
  and d.content is not null
left join supply.connection c on c.mall_id = %(mall)s and c.id = a.connection_id
left join tenancy.organisation g on g.mall_id = %(mall)s and g.id = a.supplier_id
where a.home_id = %(home)s and a.id = %(batch)s
  and (%(known)s or a.state = 'succeeded' or (a.state = 'failed' and l.state = 'reversed'))

-- name: by_hand_code
-- A code that a person gave for a line (stock.by_hand): its place is the order, and the line's room of numbers.
select l.sku_id, l.delivered, d.at, l.state, l.line_no, d.n
from orders.line l
join orders.delivery d on d.home_id = l.home_id and d.order_id = l.order_id and d.line_no = l.line_no
  and d.n = %(seq)s - l.line_no * %(room)s and d.content is not null
where l.home_id = %(home)s and l.order_id = %(batch)s and l.line_no = %(seq)s / %(room)s
  and not exists (select from orders.take t where t.home_id = l.home_id and t.order_id = l.order_id and t.line_no = l.line_no)
  and not exists (select from supply.attempt a where a.home_id = l.home_id and a.order_id = l.order_id
    and a.line_no = l.line_no and a.kind = 'code' and (a.state = 'succeeded' or (a.state = 'failed' and l.state = 'reversed')))

-- name: taker_of_line
-- As `takers`.
select o.id, l.line_no, l.state, o.buyer_id, coalesce(g.name, ''), o.client_order_no, o.placed_at, %(seq)s::int
from orders.line l
join orders.orders o on o.home_id = l.home_id and o.id = l.order_id
left join tenancy.organisation g on g.mall_id = %(mall)s and g.id = o.buyer_id
where l.home_id = %(home)s and l.order_id = %(order)s and l.line_no = %(line)s

-- name: looks_at_code
-- Each taker with the piece of his line that the code is; newest first.
select r.id, r.at, q.order_id, q.line_no, r.organisation_id = q.buyer_id, coalesce(p.name, '')
from unnest(%(orders)s, %(lines)s, %(pieces)s, %(buyers)s) as q (order_id, line_no, piece, buyer_id)
join tenancy.reveal r on r.mall_id = %(mall)s and r.kind = 'code' and r.subject = 'order:' || q.order_id
  and r.place = 'line ' || q.line_no || ' code ' || q.piece
left join tenancy.person p on p.mall_id = r.mall_id and p.id = r.person_id
order by r.id desc limit %(most)s

-- name: log_size
select coalesce((select signed from provenance.head where home_id = %(home)s), 0)

-- name: order_head
select buyer_id from orders.orders where home_id = %(home)s and id = %(order)s

-- name: pieces
-- How many pieces of each line can be shown one by one: codes from the vault, or what was delivered by hand.
select l.line_no, case when bool_or(t.shared) then 1 else coalesce(sum(t.last_seq - t.first_seq + 1), l.delivered) end
from orders.line l
left join orders.take t on t.home_id = l.home_id and t.order_id = l.order_id and t.line_no = l.line_no
where l.home_id = %(home)s and l.order_id = %(order)s and l.delivered > 0
group by l.line_no, l.delivered order by l.line_no

-- name: places_of_order
-- Where its codes lie, line by line in the order in which they are counted: in batches, in the purchase that a line was
-- delivered from, or in the order itself, where a person gave them.
select line_no, batch_id, first_seq, last_seq from (
  select t.line_no, t.n, t.batch_id, t.first_seq, t.last_seq from orders.take t
  where t.home_id = %(home)s and t.order_id = %(order)s
  union all
  select l.line_no, 0, a.id, 1, l.delivered from supply.attempt a
  join orders.line l on l.home_id = a.home_id and l.order_id = a.order_id and l.line_no = a.line_no
  where a.home_id = %(home)s and a.order_id = %(order)s and a.kind = 'code' and l.delivered > 0
    and (a.state = 'succeeded' or (a.state = 'failed' and l.state = 'reversed'))
  union all
  select l.line_no, 1000000, l.order_id, l.line_no * %(room)s + 1, l.line_no * %(room)s + l.delivered from orders.line l
  where l.home_id = %(home)s and l.order_id = %(order)s and l.delivered > 0 and exists (
    select from orders.delivery d where d.home_id = l.home_id and d.order_id = l.order_id and d.line_no = l.line_no
      and d.content is not null)
) as lying order by line_no, n

-- name: piece
-- How the line stands, and whether anybody was shown this piece of it.
select l.state, l.delivered, o.placed_at, m.name, m.zone, s.name_zh, s.name_en,
  exists (
    select from provenance.event e where e.home_id = l.home_id and e.subject_id = l.order_id and e.kind = 4
      and convert_from(e.body, 'UTF8')::jsonb @> jsonb_build_object('line', l.line_no, 'piece', %(piece)s::int))
from orders.line l
join orders.orders o on o.home_id = l.home_id and o.id = l.order_id
join tenancy.mall m on m.id = %(mall)s
join catalog.sku s on s.mall_id = m.id and s.id = l.sku_id
where l.home_id = %(home)s and l.order_id = %(order)s and l.line_no = %(line)s and m.status <> 'closed'

-- name: batches_of_line
select t.shared, t.last_seq - t.first_seq + 1, b.state
from orders.take t join stock.batch b on b.home_id = t.home_id and b.id = t.batch_id
where t.home_id = %(home)s and t.order_id = %(order)s and t.line_no = %(line)s order by t.n
