-- Custody of one code, and what its holder and the public may see. Reads stock, orders, catalog, tenancy by their keys.

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
-- Newest first: a code is sold once, and again only when it came back; a shared one to anybody.
select t.order_id, t.line_no, l.state, o.buyer_id, coalesce(g.name, ''), o.client_order_no, o.placed_at
from orders.take t
join orders.line l on l.home_id = t.home_id and l.order_id = t.order_id and l.line_no = t.line_no
join orders.orders o on o.home_id = t.home_id and o.id = t.order_id
left join tenancy.organisation g on g.mall_id = %(mall)s and g.id = o.buyer_id
where t.home_id = %(home)s and t.batch_id = %(batch)s and t.first_seq <= %(seq)s and t.last_seq >= %(seq)s
order by t.order_id desc limit %(most)s

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

-- name: piece
select l.state, l.delivered, o.placed_at, m.name, m.zone, s.name_zh, s.name_en,
  exists (
    select from provenance.event e where e.home_id = l.home_id and e.subject_id = l.order_id and e.kind = 4
      and convert_from(e.body, 'UTF8')::jsonb ->> 'line' = l.line_no::text)
from orders.line l
join orders.orders o on o.home_id = l.home_id and o.id = l.order_id
join tenancy.mall m on m.id = %(mall)s
join catalog.sku s on s.mall_id = m.id and s.id = l.sku_id
where l.home_id = %(home)s and l.order_id = %(order)s and l.line_no = %(line)s and m.status <> 'closed'

-- name: batches_of_line
select t.shared, t.last_seq - t.first_seq + 1, b.state
from orders.take t join stock.batch b on b.home_id = t.home_id and b.id = t.batch_id
where t.home_id = %(home)s and t.order_id = %(order)s and t.line_no = %(line)s order by t.n
