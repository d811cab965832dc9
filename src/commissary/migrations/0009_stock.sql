-- The vault. A code is (home, batch, seq), append-only and encrypted; a lot is a range of a batch with a counter.
-- Selling advances the counter; what is sold is derived from the ranges on order lines, never stored on a code.

create schema stock;
grant usage on schema stock to commissary_app, commissary_vault, commissary_report;

-- Codes of one SKU, one source, one cost and one expiry, under one data key.
create table stock.batch (
  home_id bigint not null,
  id bigint not null,
  sku_id bigint not null,
  supplier_id bigint,
  source text not null default '',     -- where they came from, in the operator's words
  proof_name text,                     -- purchase proof: name and hash of the document
  proof_sha256 bytea,
  unit_cost_e4 bigint not null check (unit_cost_e4 >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  expires_at timestamptz not null default 'infinity',
  received integer not null default 0 check (received >= 0),
  commitment_root bytea,               -- Merkle root over the codes' commitments, set when sealed
  dek bytea,                           -- wrapped data key; null after crypto-shredding
  has_dek boolean not null generated always as (dek is not null) stored,   -- for those who may not see the key
  kek_id text not null,
  import_id bigint,
  state text not null default 'receiving' check (state in ('receiving', 'sealed', 'recalled', 'shredded')),
  created_at timestamptz not null,
  sealed_at timestamptz,
  primary key (home_id, id),
  check ((dek is null) = (state = 'shredded'))
);
create index batch_sku on stock.batch (home_id, sku_id);
create index batch_import on stock.batch (home_id, import_id);
select base.declare_distributed('stock.batch');

create table stock.code (
  home_id bigint not null,
  batch_id bigint not null,
  seq integer not null check (seq > 0),
  cipher bytea not null,               -- nonce ‖ AES-256-GCM(number, secret) ‖ tag
  commitment bytea not null,           -- sha256(salt ‖ code), salt derived from the batch's data key
  primary key (home_id, batch_id, seq)
);
select base.declare_distributed('stock.code');

create table stock.lot (
  home_id bigint not null,
  id bigint not null,
  sku_id bigint not null,
  batch_id bigint not null,
  start_seq integer not null,
  next_seq integer not null,
  end_seq integer not null,
  unit_cost_e4 bigint not null check (unit_cost_e4 >= 0),
  expires_at timestamptz not null default 'infinity',
  unlimited boolean not null default false,    -- a shared code: sold again and again, the counter stands still
  state text not null check (state in ('receiving', 'open', 'sold_out', 'frozen', 'void', 'expired', 'returned')),
  reason text not null default '',
  primary key (home_id, id),
  check (start_seq >= 1 and next_seq between start_seq and end_seq + 1),
  check (state <> 'sold_out' or next_seq = end_seq + 1)
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
-- First expired, first out.
create index lot_open on stock.lot (home_id, sku_id, expires_at, id) where state = 'open';
create index lot_batch on stock.lot (home_id, batch_id, start_seq);
select base.declare_distributed('stock.lot');

-- The blind index: HMAC of brand and normalised code. Unique over all malls, so the same code cannot be sold twice.
create table stock.fingerprint (
  fingerprint bytea primary key check (length(fingerprint) = 32),
  mall_id bigint not null,
  batch_id bigint not null,
  seq integer not null
);
select base.declare_mall('stock.fingerprint', 'local');

create table stock.import (
  home_id bigint not null,
  id bigint not null,
  sku_id bigint not null,
  file_name text not null,
  file_sha256 bytea not null,
  options jsonb not null,              -- layout, cost, supplier, source, default expiry
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  reason text not null default '',             -- why it failed: the code of a refusal
  rows_done integer not null default 0,        -- lines of the file behind us: where a resumed import goes on
  position bigint not null default 0,          -- byte offset behind the last row, for text files
  imported integer not null default 0,
  repeated_in_file integer not null default 0,
  known_elsewhere integer not null default 0,
  expired integer not null default 0,
  faulty integer not null default 0,
  started_at timestamptz not null,
  ended_at timestamptz,
  actor text not null,
  primary key (home_id, id)
);
-- The same file for the same SKU is one import, however often it is sent.
create unique index import_file on stock.import (home_id, sku_id, file_sha256) where state <> 'failed';
select base.declare_distributed('stock.import');

create table stock.import_fault (
  home_id bigint not null,
  import_id bigint not null,
  row_no integer not null,
  reason text not null,
  detail jsonb not null default '{}',
  primary key (home_id, import_id, row_no)
);
select base.declare_distributed('stock.import_fault');

-- SKUs whose low stock was told, so that a shortage is told once.
create table stock.low_notice (
  home_id bigint not null,
  sku_id bigint not null,
  n integer not null,                          -- how often it was told
  armed boolean not null,                      -- true: filled up since, the next shortage is told
  told_at timestamptz not null,
  primary key (home_id, sku_id)
);
select base.declare_distributed('stock.low_notice');

-- Which of these fingerprints are taken, in whatever mall: n is the place in the question. A code's owner elsewhere is
-- not told; `in_batches` only says that it came with one of the caller's own batches.
create function stock.known(p_fingerprints bytea[], p_batches bigint[])
returns table (n integer, in_batches boolean)
language sql stable security definer set search_path = '' as $$
  select q.n::integer, f.mall_id = base.mall() and f.batch_id = any (p_batches)
  from unnest(p_fingerprints) with ordinality as q (fingerprint, n)
  cross join lateral (
    select x.mall_id, x.batch_id from stock.fingerprint x where x.fingerprint = q.fingerprint limit 1
  ) f
$$;
revoke all on function stock.known(bytea[], bigint[]) from public;
grant execute on function stock.known(bytea[], bigint[]) to commissary_vault;

-- Locks the first lots to expire that cover what is wanted of each SKU, at most p_most of them, in id order.
create function stock.lock_lots(p_home bigint, p_skus bigint[], p_wanted bigint[], p_now timestamptz, p_most integer)
returns table (id bigint, sku_id bigint, batch_id bigint, next_seq integer, end_seq integer,
  unit_cost_e4 bigint, expires_at timestamptz, unlimited boolean)
language plpgsql as $$
begin
  return query
  select l.id, l.sku_id, l.batch_id, l.next_seq, l.end_seq, l.unit_cost_e4, l.expires_at, l.unlimited
  from stock.lot l
  where l.home_id = p_home and l.state = 'open' and l.id = any (array(
    select c.id
    from unnest(p_skus, p_wanted) as w (sku, wanted)
    cross join lateral (
      select f.id, sum(f.left_over) over (order by f.expires_at, f.id) - f.left_over as before
      from (
        select x.id, x.expires_at, x.end_seq - x.next_seq + 1 as left_over
        from stock.lot x
        where x.home_id = p_home and x.sku_id = w.sku and x.state = 'open' and x.expires_at > p_now
        order by x.expires_at, x.id
        limit p_most
      ) f
    ) c
    where c.before < w.wanted))
  order by l.id
  for no key update;
end $$;

-- Advances each lot from the counter the caller saw under lock. Returns how many lots it moved.
create function stock.take_batch(p_home bigint, p_lots bigint[], p_seen integer[], p_counts integer[])
returns integer language plpgsql as $$
declare v_moved integer;
begin
  update stock.lot l
    set next_seq = case when l.unlimited then l.next_seq else l.next_seq + t.taken end,
        state = case when not l.unlimited and l.next_seq + t.taken > l.end_seq then 'sold_out' else l.state end
    from unnest(p_lots, p_seen, p_counts) as t (id, seen, taken)
    where l.home_id = p_home and l.id = t.id and l.next_seq = t.seen and l.state = 'open'
      and (l.unlimited or l.next_seq + t.taken <= l.end_seq + 1);
  get diagnostics v_moved = row_count;
  return v_moved;
end $$;

-- Every cipher of the ranges, in the order of the question; one missing ends the transaction.
create function stock.read_ranges(p_home bigint, p_batches bigint[], p_firsts integer[], p_lasts integer[])
returns table (n integer, seq integer, cipher bytea)
language plpgsql stable as $$
declare v_read integer;
begin
  return query
  select r.n::integer, c.seq, c.cipher
  from unnest(p_batches, p_firsts, p_lasts) with ordinality as r (batch, first, last, n)
  cross join lateral (
    select k.seq, k.cipher from stock.code k
    where k.home_id = p_home and k.batch_id = r.batch and k.seq between r.first and r.last
    order by k.seq
    limit r.last - r.first + 1
  ) c;
  get diagnostics v_read = row_count;
  perform base.expect(v_read, (select sum(l - f + 1)::integer from unnest(p_firsts, p_lasts) as w (f, l)), 'codes');
end $$;

-- The web role sees that codes exist, never their ciphers nor their keys; those belong to the vault role.
grant select (home_id, batch_id, seq, commitment) on stock.code to commissary_app, commissary_report;
grant select, insert on stock.code to commissary_vault;
grant select (home_id, id, sku_id, supplier_id, source, proof_name, proof_sha256, unit_cost_e4, currency, expires_at,
  received, commitment_root, has_dek, kek_id, import_id, state, created_at, sealed_at) on stock.batch to commissary_app, commissary_report;
grant select, insert on stock.batch to commissary_vault;
grant update (received, commitment_root, dek, kek_id, state, sealed_at) on stock.batch to commissary_vault;
grant update (state) on stock.batch to commissary_app;
grant select, insert on stock.lot to commissary_app, commissary_vault;
grant update (start_seq, next_seq, end_seq, state, reason) on stock.lot to commissary_app, commissary_vault;
grant select, insert on stock.fingerprint to commissary_vault;
grant select, insert, update on stock.import to commissary_vault;
grant select, insert on stock.import_fault to commissary_vault;
grant select on stock.import, stock.import_fault to commissary_app;
grant select, insert, update on stock.low_notice to commissary_app;
grant select on stock.lot, stock.fingerprint, stock.import, stock.import_fault, stock.low_notice to commissary_report;
