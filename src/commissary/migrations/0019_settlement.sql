-- Suppliers' statements, what differs between them and our books, what was decided, days that are closed.

create schema settlement;
grant usage on schema settlement to commissary_app, commissary_vault, commissary_report;

-- How a connection's statements are written: header → role, the supplier's word → what it means, the unit of amounts.
create table settlement.mapping (
  mall_id bigint not null,
  connection_id bigint not null,
  columns jsonb not null default '{}',
  statuses jsonb not null default '{}',
  amounts text not null default 'main' check (amounts in ('main', 'cents')),
  updated_at timestamptz not null,
  primary key (mall_id, connection_id)
);
select base.declare_mall('settlement.mapping', 'reference');

-- A file, whole or not at all: `stored` of `lines` rows are written, in order.
create table settlement.statement (
  home_id bigint not null,
  id bigint not null,
  connection_id bigint not null,
  day date not null,
  sha256 bytea not null check (length(sha256) = 32),
  file_name text not null,
  lines integer not null check (lines > 0),
  stored integer not null default 0 check (stored between 0 and lines),
  amount_e4 bigint not null,           -- what they charge less what they give back
  state text not null check (state in ('importing', 'imported', 'replaced')),
  at timestamptz not null,
  primary key (home_id, id),
  unique (home_id, connection_id, day, sha256),
  check (state <> 'imported' or stored = lines)
);
create unique index statement_of_day on settlement.statement (home_id, connection_id, day) where state <> 'replaced';
select base.declare_distributed('settlement.statement');

create table settlement.line (
  home_id bigint not null,
  statement_id bigint not null,
  line_no integer not null,
  ref text not null,                   -- ours, as they wrote it
  ref_id bigint,                       -- the same as a number, where it is one
  supplier_ref text not null,
  article text not null,
  quantity integer not null,
  amount_e4 bigint not null,           -- signed: what it takes from our account with them
  status text not null check (status in ('bought', 'failed', 'refunded')),
  at timestamptz,
  primary key (home_id, statement_id, line_no),
  check ((status = 'bought' and amount_e4 >= 0) or (status = 'refunded' and amount_e4 <= 0) or status = 'failed')
);
select base.declare_distributed('settlement.line');

-- `rev` rises with everything that a match depends on; a match of an older one is out of date.
create table settlement.day (
  home_id bigint not null,
  connection_id bigint not null,
  day date not null,
  rev integer not null default 1,
  matched_rev integer not null default 0,
  statement_id bigint,
  counts jsonb not null default '{}',  -- class → lines
  matched_e4 bigint not null default 0,
  ours_e4 bigint not null default 0,
  theirs_e4 bigint not null default 0,
  matched_at timestamptz,
  state text not null default 'open' check (state in ('open', 'closed')),
  opening_e4 bigint,
  purchases_e4 bigint,
  refunds_e4 bigint,
  payments_e4 bigint,
  adjustments_e4 bigint,
  closing_e4 bigint,
  pack bytea,
  pack_sha256 bytea,
  closed_at timestamptz,
  primary key (home_id, connection_id, day),
  check ((state = 'closed') = (closed_at is not null)),
  check (state = 'open' or pack is not null and matched_rev = rev),
  check (state = 'open' or closing_e4 = opening_e4 - purchases_e4 + refunds_e4 + payments_e4 + adjustments_e4)
);
select base.declare_distributed('settlement.day');
-- Whoever comes later finds no row to change.
create policy closed on settlement.day as restrictive for update using (state = 'open') with check (true);

create table settlement.difference (
  home_id bigint not null,
  id bigint not null,                  -- of the transfer, too, when its resolution posts one
  connection_id bigint not null,
  day date not null,
  key text not null,                   -- the purchase, or the line, it is about: once in a day
  kind text not null check (kind in ('missing', 'extra', 'amount', 'late', 'status', 'quantity', 'duplicate', 'books')),
  attempt_id bigint,
  refund boolean not null,
  statement_id bigint,
  line_no integer,
  ours_e4 bigint not null,
  theirs_e4 bigint not null,
  other_day date,                      -- where the other side of a late one stands
  state text not null default 'open' check (state in ('open', 'resolved')),
  resolution text check (resolution in ('accepted', 'claimed', 'written_off', 'late')),
  to_day date,                         -- of a late one: the day it counts for instead
  transfer_id bigint,
  note text not null default '',
  found_at timestamptz not null,
  resolved_by text not null default '',
  resolved_at timestamptz,
  primary key (home_id, id),
  unique (home_id, connection_id, day, key),
  check ((state = 'resolved') = (resolution is not null and resolved_at is not null)),
  check ((to_day is not null) = (resolution is not distinct from 'late')),
  check (transfer_id is null or transfer_id = id)
);
create index difference_open on settlement.difference (home_id, id) where state = 'open';
create index difference_moved on settlement.difference (home_id, connection_id, to_day) where to_day is not null;
create index difference_line on settlement.difference (home_id, statement_id, line_no) where statement_id is not null;
select base.declare_distributed('settlement.difference');
-- A resolution is final, and there is one.
create policy resolved on settlement.difference as restrictive for update using (state = 'open') with check (true);
create policy kept on settlement.difference as restrictive for delete using (state = 'open');

-- What we dispute: money that left our account with the supplier in the books and waits for his word.
create table settlement.claim (
  home_id bigint not null,
  id bigint not null,                  -- the difference's
  connection_id bigint not null,
  amount_e4 bigint not null check (amount_e4 <> 0),   -- more than zero: the supplier owes it to us
  state text not null default 'waiting' check (state in ('waiting', 'granted', 'refused')),
  transfer_id bigint,
  opened_at timestamptz not null,
  ended_at timestamptz,
  primary key (home_id, id),
  check ((state = 'waiting') = (ended_at is null)),
  check ((state = 'waiting') = (transfer_id is null))
);
create index claim_waiting on settlement.claim (home_id, id) where state = 'waiting';
select base.declare_distributed('settlement.claim');
create policy ended on settlement.claim as restrictive for update using (state = 'waiting') with check (true);

-- Money paid to a supplier, or back from him, under the bank's or the supplier's own reference.
create table settlement.payment (
  home_id bigint not null,
  id bigint not null,                  -- the transfer's
  connection_id bigint not null,
  amount_e4 bigint not null check (amount_e4 <> 0),   -- more than zero: to the supplier
  reference text not null check (length(reference) between 1 and 120),
  memo text not null default '',
  at timestamptz not null,
  primary key (home_id, id),
  unique (home_id, connection_id, reference)
);
select base.declare_distributed('settlement.payment');

grant select on settlement.mapping, settlement.statement, settlement.line, settlement.day, settlement.difference, settlement.claim,
  settlement.payment to commissary_app, commissary_vault, commissary_report;
grant insert on settlement.mapping, settlement.statement, settlement.line, settlement.day, settlement.difference, settlement.claim,
  settlement.payment to commissary_app;
grant update on settlement.mapping, settlement.day to commissary_app;
grant update (stored, state) on settlement.statement to commissary_app;
grant update (state, resolution, to_day, transfer_id, note, resolved_by, resolved_at) on settlement.difference to commissary_app;
grant delete on settlement.difference to commissary_app;
grant update (state, transfer_id, ended_at) on settlement.claim to commissary_app;
