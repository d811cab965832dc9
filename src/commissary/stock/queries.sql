-- name: data_keys
select id, kek_id, dek from stock.batch where home_id = %(home)s and id = any (%(batches)s)

-- name: goods
-- What an import must know of its SKU. The scope of fingerprints is the brand's: one code is one code in every mall.
select s.kind, s.case_sensitive, b.fingerprint_scope, m.zone, m.currency, b.id, s.instrument_class,
  %(supplier)s::bigint is null or exists (
    select from tenancy.organisation o
    where o.mall_id = s.mall_id and o.id = %(supplier)s and o.kind = 'supplier')
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
join tenancy.mall m on m.id = s.mall_id
where s.mall_id = %(mall)s and s.id = %(sku)s and s.status <> 'deleted'

-- name: scopes
-- How codes of these SKUs are made comparable.
select s.id, s.kind, s.case_sensitive, b.fingerprint_scope
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
where s.mall_id = %(mall)s and s.id = any (%(skus)s)

-- name: all_scopes
-- Every way in which codes of this mall are made comparable.
select distinct case s.kind when 'link' then 'link' else 'code' end, s.case_sensitive, b.fingerprint_scope
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
where s.mall_id = %(mall)s

-- name: place_of
select batch_id, seq from stock.fingerprint where fingerprint = any (%(fingerprints)s) and mall_id = %(mall)s limit 1

-- name: import_of_file
select id, state, options, rows_done, position, started_at,
  imported, repeated_in_file, known_elsewhere, expired, faulty
from stock.import
where home_id = %(home)s and sku_id = %(sku)s and file_sha256 = %(sha256)s and state <> 'failed'

-- name: begin_import
insert into stock.import (home_id, id, sku_id, file_name, file_sha256, options, started_at, actor)
values (%(home)s, %(id)s, %(sku)s, %(name)s, %(sha256)s, %(options)s, %(at)s, %(actor)s)
on conflict do nothing

-- name: hold_import
select state, rows_done from stock.import where home_id = %(home)s and id = %(id)s for no key update

-- name: known
select n, in_batches from stock.known(%(fingerprints)s, %(batches)s)

-- name: add_fingerprints
insert into stock.fingerprint (fingerprint, mall_id, batch_id, seq)
select f.fingerprint, %(mall)s, f.batch_id, f.seq
from unnest(%(fingerprints)s, %(batches)s, %(seqs)s) as f (fingerprint, batch_id, seq)
on conflict do nothing

-- name: add_batches
-- Each with its first lot, of the same id, whose range is right when `grow_batches` has run.
with added as (
  insert into stock.batch (home_id, id, sku_id, supplier_id, source, proof_name, proof_sha256, unit_cost_e4, currency,
    expires_at, dek, kek_id, import_id, created_at)
  select %(home)s, b.id, %(sku)s, %(supplier)s, %(source)s, %(proof_name)s, %(proof_sha256)s, %(cost_e4)s,
    %(currency)s, b.ends, b.dek, b.kek, %(import)s, %(at)s
  from unnest(%(ids)s, %(ends)s, %(deks)s, %(keks)s) as b (id, ends, dek, kek))
insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4, expires_at, unlimited,
  state)
select %(home)s, b.id, %(sku)s, b.id, 1, 1, 1, %(cost_e4)s, b.ends, %(unlimited)s, 'receiving'
from unnest(%(ids)s, %(ends)s) as b (id, ends)

-- name: add_codes
insert into stock.code (home_id, batch_id, seq, cipher, commitment)
select %(home)s, c.batch_id, c.seq, c.cipher, c.commitment
from unnest(%(batches)s, %(seqs)s, %(ciphers)s, %(commitments)s) as c (batch_id, seq, cipher, commitment)

-- name: grow_batches
with grown as (
  update stock.batch b set received = g.received
  from unnest(%(batches)s, %(received)s) as g (id, received)
  where b.home_id = %(home)s and b.id = g.id and b.state = 'receiving')
update stock.lot l set end_seq = g.received
from unnest(%(batches)s, %(received)s) as g (id, received)
where l.home_id = %(home)s and l.batch_id = g.id and l.state = 'receiving'

-- name: add_faults
insert into stock.import_fault (home_id, import_id, row_no, reason, detail)
select %(home)s, %(import)s, f.line, f.reason, f.detail::jsonb
from unnest(%(lines)s, %(reasons)s, %(details)s) as f (line, reason, detail)

-- name: advance_import
update stock.import set rows_done = %(line)s, position = %(offset)s,
  imported = imported + %(imported)s, repeated_in_file = repeated_in_file + %(repeated_in_file)s,
  known_elsewhere = known_elsewhere + %(known_elsewhere)s, expired = expired + %(expired)s, faulty = faulty + %(faulty)s
where home_id = %(home)s and id = %(id)s

-- name: batches_of_import
select id, nullif(expires_at, 'infinity'), kek_id, dek, received from stock.batch
where home_id = %(home)s and import_id = %(import)s

-- name: batch_ids_of_import
select id from stock.batch where home_id = %(home)s and import_id = %(import)s order by id

-- name: commitments
select commitment from stock.code
where home_id = %(home)s and batch_id = %(batch)s and seq > %(after)s
order by seq limit %(most)s

-- name: seal_batches
-- Their lots are open from now on, or frozen: an intake waits for the mall's people.
with sealed as (
  update stock.batch b set state = 'sealed', sealed_at = %(at)s, commitment_root = s.root
  from unnest(%(batches)s, %(roots)s) as s (id, root)
  where b.home_id = %(home)s and b.id = s.id and b.state = 'receiving')
update stock.lot l set state = %(state)s, reason = %(reason)s, held = %(held)s
where l.home_id = %(home)s and l.batch_id = any (%(batches)s) and l.state = 'receiving'

-- name: end_import
update stock.import set state = %(state)s, reason = %(reason)s, ended_at = %(at)s
where home_id = %(home)s and id = %(id)s

-- name: import_state
select state, reason from stock.import where home_id = %(home)s and id = %(import)s

-- name: faults_of_import
select row_no, reason, detail from stock.import_fault
where home_id = %(home)s and import_id = %(import)s and row_no > %(after)s
order by row_no limit %(most)s

-- name: hold_batch
-- First the batch, then `hold_lots`, then nothing more of stock.
select sku_id, state, received, unit_cost_e4 from stock.batch
where home_id = %(home)s and id = %(batch)s
for no key update

-- name: hold_lots
select id, start_seq, next_seq, end_seq, state, nullif(expires_at, 'infinity'), unlimited from stock.lot
where home_id = %(home)s and batch_id = %(batch)s
order by id
for no key update

-- name: set_lot_states
update stock.lot set state = %(state)s, reason = %(reason)s where home_id = %(home)s and id = any (%(lots)s)

-- name: set_batch_state
update stock.batch set state = %(state)s where home_id = %(home)s and id = %(batch)s

-- name: add_lots
-- Pieces of lots that `cut_lots` shortens in the same transaction.
insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4, expires_at, unlimited,
  state, reason, held)
select %(home)s, n.id, l.sku_id, l.batch_id, n.first, n.next, n.last, l.unit_cost_e4, l.expires_at, l.unlimited,
  n.state, %(reason)s, l.held
from unnest(%(origins)s, %(ids)s, %(starts)s, %(nexts)s, %(ends)s, %(states)s) as n (origin, id, first, next, last, state)
join stock.lot l on l.home_id = %(home)s and l.id = n.origin

-- name: cut_lots
update stock.lot l set start_seq = n.first, next_seq = n.next, end_seq = n.last, state = n.state,
  reason = case when n.state = l.state then l.reason else %(reason)s end
from unnest(%(ids)s, %(starts)s, %(nexts)s, %(ends)s, %(states)s) as n (id, first, next, last, state)
where l.home_id = %(home)s and l.id = any (%(ids)s) and l.id = n.id

-- name: batches_due
select distinct batch_id from stock.lot
where home_id = %(home)s and state = 'open' and expires_at <= %(now)s
order by batch_id

-- name: keys_behind
select id, kek_id, dek from stock.batch
where home_id = %(home)s and id > %(after)s and kek_id <> %(current)s and dek is not null
order by id limit %(most)s

-- name: rewrap
update stock.batch b set kek_id = n.kek, dek = n.dek
from unnest(%(ids)s, %(olds)s, %(keks)s, %(deks)s) as n (id, old, kek, dek)
where b.home_id = %(home)s and b.id = any (%(ids)s) and b.id = n.id and b.kek_id = n.old and b.dek is not null

-- name: shred
update stock.batch set dek = null, state = 'shredded' where home_id = %(home)s and id = %(batch)s

-- name: readable
select id from stock.batch where home_id = %(home)s and id = any(%(batches)s) and state <> 'shredded' order by id

-- name: available
select sku_id, sum(end_seq - next_seq + 1), bool_or(unlimited) from stock.lot
where home_id = %(home)s and state = 'open' and expires_at > %(now)s
  and (%(skus)s::bigint[] is null or sku_id = any(%(skus)s))
group by sku_id

-- name: low_stock
select s.id, coalesce(a.left_over, 0), s.low_stock
from catalog.sku s
left join (
  select sku_id, sum(end_seq - next_seq + 1) as left_over, bool_or(unlimited) as unlimited from stock.lot
  where home_id = %(home)s and state = 'open' and expires_at > %(now)s
  group by sku_id
) a on a.sku_id = s.id
where s.mall_id = %(mall)s and s.low_stock is not null and s.status <> 'deleted'
  and s.kind in ('code', 'link', 'voucher', 'shared_code', 'membership')
  and coalesce(a.left_over, 0) <= s.low_stock and a.unlimited is not true
order by s.id

-- name: rearm_low
update stock.low_notice set armed = true where home_id = %(home)s and not armed and sku_id <> all (%(low)s::bigint[])

-- name: tell_low
insert into stock.low_notice as n (home_id, sku_id, n, armed, told_at)
select %(home)s, sku, 1, false, %(now)s from unnest(%(low)s::bigint[]) as sku
on conflict (home_id, sku_id) do update set n = n.n + 1, armed = false, told_at = excluded.told_at where n.armed
returning sku_id, n

-- name: sku_counts
select coalesce(sum(end_seq - next_seq + 1) filter (where state = 'open' and expires_at > %(now)s), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'receiving'), 0)::bigint,
  coalesce(sum(next_seq - start_seq), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'frozen'), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'void'), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'expired' or state = 'open' and expires_at <= %(now)s), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'returned'), 0)::bigint,
  coalesce(bool_or(unlimited and state = 'open' and expires_at > %(now)s), false),
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'open' and expires_at > %(now)s
    and expires_at <= %(now)s + interval '7 days'), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'open' and expires_at > %(now)s + interval '7 days'
    and expires_at <= %(now)s + interval '30 days'), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'open' and expires_at > %(now)s + interval '30 days'
    and expires_at <= %(now)s + interval '90 days'), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'open' and expires_at > %(now)s + interval '90 days'
    and expires_at < 'infinity'), 0)::bigint,
  coalesce(sum(end_seq - next_seq + 1) filter (where state = 'open' and expires_at = 'infinity'), 0)::bigint
from stock.lot where home_id = %(home)s and sku_id = %(sku)s

-- name: list_batches
select b.id, b.sku_id, b.supplier_id, b.source, b.proof_name, b.unit_cost_e4, b.currency,
  nullif(b.expires_at, 'infinity'), b.import_id, b.state, b.created_at, b.sealed_at, b.commitment_root, b.received,
  l.available, l.sold, l.frozen, l.void, l.expired, l.returned, l.unlimited
from stock.batch b
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
where b.home_id = %(home)s
  and (%(sku)s::bigint is null or b.sku_id = %(sku)s)
  and (%(batch)s::bigint is null or b.id = %(batch)s)
  and (%(before)s::bigint is null or b.id < %(before)s)
order by b.id desc limit %(size)s

-- name: skus_of_suppliers
-- Listed SKUs that something for sale of these suppliers lies on the shelf of.
select distinct b.sku_id from stock.batch b
join stock.lot l on l.home_id = b.home_id and l.batch_id = b.id and l.state = 'open' and l.expires_at > %(now)s
join catalog.sku s on s.mall_id = %(mall)s and s.id = b.sku_id and s.status = 'listed'
where b.home_id = %(home)s and b.supplier_id = any (%(suppliers)s::bigint[])
order by b.sku_id

-- name: refund_was_ordered
-- Of a recalled batch. Reads tenancy.
select true from tenancy.audit
where mall_id = %(mall)s and subject = %(subject)s and action like 'stock.recall%%' and after ->> 'refund' = 'true' limit 1

-- name: suppliers_of_skus
-- Null: the mall's own goods.
select distinct l.sku_id, b.supplier_id from stock.lot l
join stock.batch b on b.home_id = l.home_id and b.id = l.batch_id
where l.home_id = %(home)s and l.sku_id = any (%(skus)s::bigint[]) and l.state = 'open' and l.expires_at > %(now)s
order by l.sku_id, b.supplier_id

-- name: source_facts
-- What a supplier must be fit for to be a source of a SKU.
select s.id, p.brand_id, s.instrument_class, s.status from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
where s.mall_id = %(mall)s and s.id = any (%(skus)s::bigint[]) order by s.id

-- name: own_organisation
select id from tenancy.organisation where mall_id = %(mall)s and kind = 'mall' order by id limit 1

-- name: currency_of_batch
select currency from stock.batch where home_id = %(home)s and id = %(batch)s

-- name: codes_to_export
select c.seq, case when c.seq < l.next_seq and not l.unlimited then 'sold' else l.state end, c.cipher
from stock.code c
join stock.batch b on b.home_id = c.home_id and b.id = c.batch_id and b.has_dek
join stock.lot l on l.home_id = c.home_id and l.batch_id = c.batch_id and c.seq between l.start_seq and l.end_seq
where c.home_id = %(home)s and c.batch_id = %(batch)s and c.seq > %(after)s
order by c.seq limit %(most)s

-- name: add_intake
insert into stock.intake (home_id, id, sku_id, supplier_id, brought_by, brought_at)
values (%(home)s, %(id)s, %(sku)s, %(supplier)s, %(by)s, %(at)s)

-- name: intakes
-- Newest first; with what the import counted and how much is for sale or sold of it.
select i.id, i.sku_id, s.code, s.name_zh, s.name_en, i.supplier_id, o.name, m.file_name, m.file_sha256, m.state, m.reason,
  m.imported, m.repeated_in_file, m.known_elsewhere, m.expired, m.faulty, i.state, i.reason, i.brought_at, i.decided_at,
  coalesce((select array_agg(b.id order by b.id) from stock.batch b where b.home_id = i.home_id and b.import_id = i.id), '{}'),
  coalesce((select min(b.unit_cost_e4) from stock.batch b where b.home_id = i.home_id and b.import_id = i.id), 0)::bigint,
  coalesce((select min(b.currency) from stock.batch b where b.home_id = i.home_id and b.import_id = i.id), t.currency),
  coalesce((select sum(l.next_seq - l.start_seq) from stock.batch b
    join stock.lot l on l.home_id = b.home_id and l.batch_id = b.id
    where b.home_id = i.home_id and b.import_id = i.id), 0)::bigint
from stock.intake i
join stock.import m on m.home_id = i.home_id and m.id = i.id
join tenancy.mall t on t.id = %(mall)s
join catalog.sku s on s.mall_id = t.id and s.id = i.sku_id
join tenancy.organisation o on o.mall_id = t.id and o.id = i.supplier_id
where i.home_id = %(home)s and (%(supplier)s::bigint is null or i.supplier_id = %(supplier)s)
  and (%(state)s::text is null or i.state = %(state)s) and (%(id)s::bigint is null or i.id = %(id)s)
  and (%(before)s::bigint is null or i.id < %(before)s)
order by i.id desc limit %(size)s

-- name: decide_intake
-- One of two at the same time: the other finds it decided.
update stock.intake set state = %(state)s, reason = %(reason)s, decided_by = %(by)s, decided_at = %(at)s
where home_id = %(home)s and id = %(id)s and state = 'waiting'

-- name: let_go
-- Of a batch that is held by the caller: its intake was released.
update stock.lot set held = false where home_id = %(home)s and batch_id = %(batch)s and held

-- name: waiting_intake_of_batch
select 1 from stock.batch b join stock.intake i on i.home_id = b.home_id and i.id = b.import_id
where b.home_id = %(home)s and b.id = %(batch)s and i.state <> 'released'
