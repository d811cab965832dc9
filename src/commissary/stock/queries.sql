-- name: data_keys
select id, kek_id, dek from stock.batch where home_id = %(home)s and id = any (%(batches)s)

-- name: goods
-- What an import must know of its SKU. The scope of fingerprints is the brand's: one code is one code in every mall.
select s.kind, s.case_sensitive, b.fingerprint_scope, m.zone, m.currency,
  %(supplier)s::bigint is null or exists (
    select from tenancy.organisation o
    where o.mall_id = s.mall_id and o.id = %(supplier)s and o.kind = 'supplier')
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
join tenancy.mall m on m.id = s.mall_id
where s.mall_id = %(mall)s and s.id = %(sku)s and s.status <> 'deleted'

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
with sealed as (
  update stock.batch b set state = 'sealed', sealed_at = %(at)s, commitment_root = s.root
  from unnest(%(batches)s, %(roots)s) as s (id, root)
  where b.home_id = %(home)s and b.id = s.id and b.state = 'receiving')
update stock.lot l set state = 'open'
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
