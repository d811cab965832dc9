-- Reads supply.connection and supply.attempt (our purchases), ledger.account and ledger.transfer (what was paid), tenancy.mall.

-- name: account
-- A connection with its account and the mall's zone.
select c.id, c.supplier_id, c.name, a.id, c.currency, a.balance_e4, m.zone
from supply.connection c
join tenancy.mall m on m.id = c.mall_id
join ledger.account a on a.home_id = %(home)s and a.owner_id = c.supplier_id and a.kind = 'prepaid'
  and a.sub = c.id::text and a.currency = c.currency
where c.mall_id = %(mall)s and c.id = %(connection)s

-- name: mapping
select columns, statuses, amounts from settlement.mapping where mall_id = %(mall)s and connection_id = %(connection)s

-- name: set_mapping
insert into settlement.mapping (mall_id, connection_id, columns, statuses, amounts, updated_at)
values (%(mall)s, %(connection)s, %(columns)s, %(statuses)s, %(amounts)s, %(at)s)
on conflict (mall_id, connection_id) do update
  set columns = excluded.columns, statuses = excluded.statuses, amounts = excluded.amounts, updated_at = excluded.updated_at

-- name: touch_day
-- The day's row, made if need be; its lock orders whoever works on the day. A closed one stays as it is.
insert into settlement.day as d (home_id, connection_id, day) values (%(home)s, %(connection)s, %(day)s)
on conflict (home_id, connection_id, day) do update set rev = d.rev + 1
where d.state = 'open'
returning rev

-- name: touch_known_day
update settlement.day set rev = rev + 1
where home_id = %(home)s and connection_id = %(connection)s and day = any (%(days)s) and state = 'open'

-- name: hold_days
-- In their order: neighbouring days are often imported at the same time.
select day from settlement.day
where home_id = %(home)s and connection_id = %(connection)s and day between %(day)s - 1 and %(day)s + 1 order by day for update

-- name: lock_day
select rev, matched_rev, statement_id, matched_at, state from settlement.day
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s

-- name: hold_day
select rev from settlement.day
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'open' for update

-- name: statement_by_hash
select id, connection_id, day, sha256, file_name, lines, stored, amount_e4, state, at from settlement.statement
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and sha256 = %(sha256)s

-- name: statement_of_day
select id, connection_id, day, sha256, file_name, lines, stored, amount_e4, state, at from settlement.statement
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state <> 'replaced'

-- name: replace_statement
update settlement.statement set state = 'replaced' where home_id = %(home)s and id = %(id)s

-- name: decided_by_statement
select 1 from settlement.difference
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'resolved' limit 1

-- name: add_statement
insert into settlement.statement (home_id, id, connection_id, day, sha256, file_name, lines, amount_e4, state, at)
values (%(home)s, %(id)s, %(connection)s, %(day)s, %(sha256)s, %(file_name)s, %(lines)s, %(amount)s, 'importing', %(at)s)

-- name: add_lines
insert into settlement.line (home_id, statement_id, line_no, ref, ref_id, supplier_ref, article, quantity, amount_e4, status, at)
select %(home)s, %(id)s, n.line_no, n.ref, n.ref_id, n.supplier_ref, n.article, n.quantity, n.amount, n.status, n.at
from unnest(%(lines)s, %(refs)s, %(ref_ids)s, %(supplier_refs)s, %(articles)s, %(quantities)s, %(amounts)s, %(statuses)s, %(ats)s)
  as n (line_no, ref, ref_id, supplier_ref, article, quantity, amount, status, at)

-- name: advance
-- From where it was seen: of two that import the same file, one writes each piece.
update settlement.statement set stored = %(to)s, state = case when lines = %(to)s then 'imported' else state end
where home_id = %(home)s and id = %(id)s and stored = %(from)s and state = 'importing'

-- name: statements
select id, connection_id, day, sha256, file_name, lines, stored, amount_e4, state, at from settlement.statement
where home_id = %(home)s and connection_id = %(connection)s and id < %(before)s order by id desc limit %(size)s

-- name: lines
-- Each with its class: what no difference is about is matched.
select l.line_no, l.ref, l.ref_id, l.supplier_ref, l.article, l.quantity, l.amount_e4, l.status, l.at,
  coalesce(d.kind, 'matched')
from settlement.line l
left join settlement.difference d on d.home_id = l.home_id and d.statement_id = l.statement_id and d.line_no = l.line_no
  and d.day = %(day)s
where l.home_id = %(home)s and l.statement_id = %(id)s and l.line_no > %(after)s order by l.line_no limit %(size)s

-- name: copy_ours
-- Our purchases and what came back, of this day and those beside it; moved ones count for the day they were moved to. A
-- purchase is booked between the call and the end, so those that had not ended before and were called by then are enough.
-- Of one that was delivered in part, the pieces that came, as its cost is what was kept.
copy (
  with moved as (
    select d.attempt_id, d.refund from settlement.difference d
    where d.home_id = %(home)s and d.connection_id = %(connection)s and d.to_day = %(day)s and d.key like 'a%%'
  ), bought as (
    select a.id, a.state, a.supplier_ref, a.quantity, a.called_at, a.ended_at, a.cost_e4, a.unit_cost_e4, a.refunded_e4,
      a.order_id, a.line_no
    from supply.attempt a
    where a.home_id = %(home)s and a.connection_id = %(connection)s and a.ended_at >= %(before)s and a.called_at < %(behind)s
    union all
    select a.id, a.state, a.supplier_ref, a.quantity, a.called_at, a.ended_at, a.cost_e4, a.unit_cost_e4, a.refunded_e4,
      a.order_id, a.line_no
    from supply.attempt a
    where a.home_id = %(home)s and a.connection_id = %(connection)s and a.ended_at is null and a.called_at < %(behind)s
    union all
    select a.id, a.state, a.supplier_ref, a.quantity, a.called_at, a.ended_at, a.cost_e4, a.unit_cost_e4, a.refunded_e4,
      a.order_id, a.line_no
    from (select distinct attempt_id from moved) m
    join supply.attempt a on a.home_id = %(home)s and a.id = m.attempt_id
    where not (coalesce(a.ended_at, 'infinity') >= %(before)s and a.called_at < %(behind)s)
  ), item as (
    select a.id, false as refund, coalesce(t.at, a.called_at) as at, a.supplier_ref,
      coalesce(nullif(least(coalesce(l.delivered, p.received), a.quantity), 0), a.quantity) as quantity,
      coalesce(t.amount_e4, 0) as booked,
      case when a.state in ('succeeded', 'surplus') then coalesce(a.cost_e4, a.unit_cost_e4 * a.quantity)
        else coalesce(t.amount_e4, 0) end as cost,
      t.id is not null or a.state in ('succeeded', 'surplus') as counts
    from bought a
    left join ledger.transfer t on t.home_id = %(home)s and t.id = a.id
    left join orders.line l on a.state = 'succeeded' and a.quantity > 1
      and l.home_id = %(home)s and l.order_id = a.order_id and l.line_no = a.line_no
    left join fulfilment.restock_part p on a.state = 'succeeded' and a.quantity > 1
      and p.home_id = %(home)s and p.restock_id = a.order_id and p.part_no = -a.line_no and p.attempt_id = a.id
    union all
    select a.id, true, a.ended_at, a.supplier_ref, a.quantity, b.back, b.back, true
    from bought a
    join ledger.transfer t on t.home_id = %(home)s and t.id = a.id
    cross join lateral (select -least(coalesce(nullif(a.refunded_e4, 0), t.amount_e4), t.amount_e4) as back) b
    where a.state = 'failed'
  )
  select i.id, i.refund, case when m.attempt_id is not null then 0 when i.at < %(from)s then -1 when i.at < %(to)s then 0 else 1 end,
    i.supplier_ref, i.quantity, i.booked, i.cost, i.counts
  from item i
  left join moved m on m.attempt_id = i.id and m.refund = i.refund
  where (i.at >= %(before)s and i.at < %(behind)s) or m.attempt_id is not null
) to stdout (format csv)

-- name: copy_theirs
copy (
  select l.statement_id, l.line_no, case when m.id is not null then 0 else s.day - %(day)s end, l.ref_id, l.supplier_ref,
    l.quantity, l.amount_e4, l.status
  from settlement.statement s
  join settlement.line l on l.home_id = s.home_id and l.statement_id = s.id
  left join settlement.difference m on m.home_id = l.home_id and m.statement_id = l.statement_id and m.line_no = l.line_no
    and m.to_day = %(day)s and m.key like 'l%%'
  where s.home_id = %(home)s and s.connection_id = %(connection)s and s.state = 'imported'
    and s.day between %(day)s - 1 and %(day)s + 1
) to stdout (format csv)

-- name: drop_open_differences
delete from settlement.difference
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'open'

-- name: add_differences
-- What was resolved before stays resolved.
insert into settlement.difference (home_id, id, connection_id, day, key, kind, attempt_id, refund, statement_id, line_no, ours_e4,
  theirs_e4, other_day, found_at)
select %(home)s, n.id, %(connection)s, %(day)s, n.key, n.kind, n.attempt, n.refund, n.statement, n.line, n.ours, n.theirs,
  %(day)s + n.other, %(at)s
from unnest(%(ids)s, %(keys)s, %(kinds)s, %(attempts)s, %(refunds)s, %(statements)s, %(lines)s, %(ours)s, %(theirs)s, %(others)s)
  as n (id, key, kind, attempt, refund, statement, line, ours, theirs, other)
on conflict (home_id, connection_id, day, key) do nothing

-- name: set_matched
update settlement.day set matched_rev = %(rev)s, statement_id = %(statement)s, counts = %(counts)s, matched_e4 = %(matched)s,
  ours_e4 = %(ours)s, theirs_e4 = %(theirs)s, matched_at = %(at)s
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and rev = %(rev)s and state = 'open'

-- name: days
select d.connection_id, d.day, d.rev <> d.matched_rev, d.statement_id, d.counts, d.matched_e4, d.ours_e4, d.theirs_e4, d.matched_at,
  d.state, (select count(*)::integer from settlement.difference x where x.home_id = d.home_id
    and x.connection_id = d.connection_id and x.day = d.day and x.state = 'open'),
  d.opening_e4, d.purchases_e4, d.refunds_e4, d.payments_e4, d.adjustments_e4, d.closing_e4, d.pack_sha256, d.closed_at
from settlement.day d
where d.home_id = %(home)s and d.connection_id = %(connection)s and (%(day)s::date is null or d.day = %(day)s)
  and d.day < %(before)s order by d.day desc limit %(size)s

-- name: differences
select d.id, d.connection_id, d.day, d.kind, d.attempt_id, d.refund, d.statement_id, d.line_no, d.ours_e4, d.theirs_e4,
  d.other_day, d.state, d.resolution, d.to_day, d.transfer_id, d.note, d.resolved_by, d.resolved_at, c.currency
from settlement.difference d join supply.connection c on c.id = d.connection_id
where d.home_id = %(home)s and (%(connection)s::bigint is null or d.connection_id = %(connection)s)
  and (%(day)s::date is null or d.day = %(day)s) and (%(state)s::text is null or d.state = %(state)s)
  and (%(kind)s::text is null or d.kind = %(kind)s) and (%(id)s::bigint is null or d.id = %(id)s) and d.id > %(after)s
order by d.id limit %(size)s

-- name: resolve
-- One of two at the same time: the other waits for the row and then finds it resolved.
update settlement.difference set state = 'resolved', resolution = %(resolution)s, to_day = %(to_day)s, transfer_id = %(transfer)s,
  note = %(note)s, resolved_by = %(by)s, resolved_at = %(at)s
where home_id = %(home)s and id = %(id)s and state = 'open'

-- name: add_claim
insert into settlement.claim (home_id, id, connection_id, amount_e4, opened_at)
values (%(home)s, %(id)s, %(connection)s, %(amount)s, %(at)s)

-- name: claims
select id, connection_id, amount_e4, state, transfer_id, opened_at, ended_at from settlement.claim
where home_id = %(home)s and (%(state)s::text is null or state = %(state)s) and (%(id)s::bigint is null or id = %(id)s)
  and (%(connection)s::bigint is null or connection_id = %(connection)s) and id > %(after)s order by id limit %(size)s

-- name: end_claim
update settlement.claim set state = %(state)s, transfer_id = %(transfer)s, ended_at = %(at)s
where home_id = %(home)s and id = %(id)s and state = 'waiting'

-- name: add_payment
insert into settlement.payment (home_id, id, connection_id, amount_e4, spent_e4, reference, memo, at)
values (%(home)s, %(id)s, %(connection)s, %(amount)s, %(spent)s, %(reference)s, %(memo)s, %(at)s)
on conflict (home_id, connection_id, reference) do nothing

-- name: payments
select id, connection_id, amount_e4, spent_e4, reference, memo, at from settlement.payment
where home_id = %(home)s and connection_id = %(connection)s and (%(reference)s::text is null or reference = %(reference)s)
  and id < %(before)s order by id desc limit %(size)s

-- name: movements
-- What moved on the account from one instant to another, by what it was: purchases are kind 8, what came back 7, money
-- paid or returned 4 and 5, everything else corrections.
select
  coalesce(sum(case when t.cr_id = %(account)s then t.amount_e4 else -t.amount_e4 end) filter (where t.at < %(from)s), 0)::bigint,
  coalesce(sum(case when t.cr_id = %(account)s then -t.amount_e4 else t.amount_e4 end)
    filter (where t.at >= %(from)s and t.kind = 8), 0)::bigint,
  coalesce(sum(case when t.cr_id = %(account)s then t.amount_e4 else -t.amount_e4 end)
    filter (where t.at >= %(from)s and t.kind = 7), 0)::bigint,
  coalesce(sum(case when t.cr_id = %(account)s then t.amount_e4 else -t.amount_e4 end)
    filter (where t.at >= %(from)s and t.kind in (4, 5)), 0)::bigint,
  coalesce(sum(case when t.cr_id = %(account)s then t.amount_e4 else -t.amount_e4 end)
    filter (where t.at >= %(from)s and t.kind not in (4, 5, 7, 8)), 0)::bigint,
  coalesce(sum(case when t.cr_id = %(account)s then t.amount_e4 else -t.amount_e4 end), 0)::bigint
from ledger.transfer t
where t.home_id = %(home)s and %(account)s in (t.dr_id, t.cr_id) and t.at < %(to)s

-- name: copy_entries
copy (
  select t.id, t.dr_id, t.cr_id, t.amount_e4, t.currency, t.kind, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  from ledger.transfer t
  where t.home_id = %(home)s and %(account)s in (t.dr_id, t.cr_id) and t.at >= %(from)s and t.at < %(to)s
  order by t.id
) to stdout (format csv)

-- name: earlier_open
select day from settlement.day
where home_id = %(home)s and connection_id = %(connection)s and day < %(day)s and state = 'open' order by day limit 1

-- name: close_day
update settlement.day set state = 'closed', opening_e4 = %(opening)s, purchases_e4 = %(purchases)s, refunds_e4 = %(refunds)s,
  payments_e4 = %(payments)s, adjustments_e4 = %(adjustments)s, closing_e4 = %(closing)s, pack = %(pack)s,
  pack_sha256 = %(sha256)s, closed_at = %(at)s
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'open' and rev = matched_rev

-- name: pack
select pack from settlement.day where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'closed'

-- name: mall_organisation
-- Who owns the mall's own books.
select owner_id from ledger.account where home_id = %(home)s and kind = 'clearing' and sub = 'purchases' order by id limit 1

-- name: open_objections
select count(*)::int from settlement.objection
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'open'
