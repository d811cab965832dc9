-- Reads partners.supplier and tenancy.organisation (who may be bought from), ledger.account and catalog.sku.

-- name: connections
select c.id, c.supplier_id, c.name, c.protocol, c.base_url, c.account, c.currency, c.settings, c.callback_token, c.quiet_s,
  c.at_once, c.state, c.reason, c.state_at, c.balance_e4, c.balance_at, c.low_balance_e4, c.pull_s, c.version, c.created_at
from supply.connection c
where c.mall_id = %(mall)s and (%(ids)s::bigint[] is null or c.id = any (%(ids)s)) and c.id > %(after)s
order by c.id limit %(size)s

-- name: secrets
select id, secret from supply.connection where mall_id = %(mall)s and (%(ids)s::bigint[] is null or id = any (%(ids)s))

-- name: accounts
-- Connection → the account of what we have paid in advance there, or owe.
select c.id, a.id from supply.connection c
join ledger.account a on a.home_id = %(home)s and a.owner_id = c.supplier_id and a.kind = 'prepaid'
  and a.sub = c.id::text and a.currency = c.currency
where c.mall_id = %(mall)s

-- name: purchases_accounts
-- Currency → where the goods that were bought stand.
select a.currency, a.id from ledger.account a
where a.home_id = %(home)s and a.kind = 'clearing' and a.sub = 'purchases'

-- name: lock_connection
select c.id from supply.connection c where c.mall_id = %(mall)s and c.id = %(id)s for update

-- name: add_connection
insert into supply.connection (mall_id, id, supplier_id, name, protocol, base_url, account, secret, currency, settings,
  callback_token, quiet_s, at_once, state, reason, state_at, low_balance_e4, pull_s, created_at)
values (%(mall)s, %(id)s, %(supplier)s, %(name)s, %(protocol)s, %(base_url)s, %(account)s, %(secret)s, %(currency)s,
  %(settings)s, %(token)s, %(quiet_s)s, %(at_once)s, %(state)s, '', %(at)s, %(low)s, %(pull_s)s, %(at)s)

-- name: set_connection
update supply.connection set name = %(name)s, base_url = %(base_url)s, account = %(account)s,
  secret = coalesce(%(secret)s, secret), settings = %(settings)s, quiet_s = %(quiet_s)s, at_once = %(at_once)s,
  low_balance_e4 = %(low)s, pull_s = %(pull_s)s, version = version + 1
where mall_id = %(mall)s and id = %(id)s and version = %(version)s

-- name: set_secret
update supply.connection set secret = %(secret)s, version = version + 1 where mall_id = %(mall)s and id = %(id)s

-- name: set_state
-- Only from a state that the caller saw: the breaker never lifts what a person has switched off.
update supply.connection set state = %(state)s, reason = %(reason)s, state_at = %(at)s, version = version + 1
where mall_id = %(mall)s and id = %(id)s and state = any (%(seen)s)

-- name: set_balance
update supply.connection set balance_e4 = %(balance)s, balance_at = %(at)s where mall_id = %(mall)s and id = %(id)s

-- name: tell_low_balance
-- Returns a row when it is another than before.
insert into supply.pull as p (mall_id, connection_id, due_at, low_told) values (%(mall)s, %(id)s, %(at)s, %(low)s)
on conflict (mall_id, connection_id) do update set low_told = excluded.low_told
where p.low_told <> excluded.low_told
returning p.low_told

-- name: own_organisation
select id from tenancy.organisation where mall_id = %(mall)s and kind = 'mall'

-- name: last_pull
select ended_at, seen, changed, error from supply.pull where mall_id = %(mall)s and connection_id = %(id)s

-- name: malls_to_pull
select mall_id from supply.malls_to_pull(%(now)s, %(malls)s, %(nows)s) order by mall_id

-- name: claim_pulls
-- Who is due and whom nobody pulls: looked for first, and decided by the row itself, which another may have taken since.
insert into supply.pull as p (mall_id, connection_id, due_at, leased_until, lease)
select c.mall_id, c.id, %(now)s, %(until)s, %(lease)s
from supply.connection c
left join supply.pull q on q.mall_id = c.mall_id and q.connection_id = c.id
where c.mall_id = %(mall)s and c.protocol <> 'people'
  and (%(only)s::bigint is null and c.state <> 'off' or c.id = %(only)s)
  and (q.connection_id is null or (q.due_at <= %(now)s or %(only)s::bigint is not null)
    and (q.leased_until is null or q.leased_until <= %(now)s))
order by c.id limit %(size)s
on conflict (mall_id, connection_id) do update set leased_until = excluded.leased_until, lease = excluded.lease
where (p.due_at <= %(now)s or %(only)s::bigint is not null) and (p.leased_until is null or p.leased_until <= %(now)s)
returning p.connection_id

-- name: keep_pull
update supply.pull set leased_until = %(until)s
where mall_id = %(mall)s and connection_id = %(id)s and lease = %(lease)s

-- name: end_pull
update supply.pull set due_at = %(due)s, leased_until = null, lease = 0, ended_at = %(now)s, seen = %(seen)s,
  changed = %(changed)s, error = %(error)s
where mall_id = %(mall)s and connection_id = %(id)s and lease = %(lease)s

-- name: supplier_exists
select 1 from partners.supplier where mall_id = %(mall)s and id = %(id)s

-- name: offers
select o.id, o.connection_id, o.good_id, o.sku_id, o.good_name, o.kind, o.unit_cost_e4, o.currency, o.stock, o.on_sale,
  o.least, o.most, o.field_map, o.weight, o.canary_bp, o.warranty_hours, o.held_cost_e4, o.state, o.rev, o.seen_at, o.created_at,
  o.version
from supply.offer o
where o.mall_id = %(mall)s and (%(sku)s::bigint is null or o.sku_id = %(sku)s)
  and (%(connection)s::bigint is null or o.connection_id = %(connection)s) and o.id > %(after)s
order by o.id limit %(size)s

-- name: offers_since
select o.id, o.connection_id, o.good_id, o.sku_id, o.good_name, o.kind, o.unit_cost_e4, o.currency, o.stock, o.on_sale,
  o.least, o.most, o.field_map, o.weight, o.canary_bp, o.warranty_hours, o.held_cost_e4, o.state, o.rev, o.seen_at, o.created_at,
  o.version
from supply.offer o where o.mall_id = %(mall)s and o.rev > %(since)s

-- name: offers_of_goods
-- Locked, in id order: whoever changes offers of a connection waits here.
select o.id, o.connection_id, o.good_id, o.sku_id, o.good_name, o.kind, o.unit_cost_e4, o.currency, o.stock, o.on_sale,
  o.least, o.most, o.field_map, o.weight, o.canary_bp, o.warranty_hours, o.held_cost_e4, o.state, o.rev, o.seen_at, o.created_at,
  o.version
from supply.offer o where o.mall_id = %(mall)s and o.connection_id = %(connection)s and o.good_id = any (%(goods)s)
order by o.id for update

-- name: offers_told
-- As they stand, to see whether anything is different at all.
select o.id, o.connection_id, o.good_id, o.sku_id, o.good_name, o.kind, o.unit_cost_e4, o.currency, o.stock, o.on_sale,
  o.least, o.most, o.field_map, o.weight, o.canary_bp, o.warranty_hours, o.held_cost_e4, o.state, o.rev, o.seen_at, o.created_at,
  o.version
from supply.offer o where o.mall_id = %(mall)s and o.connection_id = %(connection)s and o.good_id = any (%(goods)s)

-- name: get_offer
select o.id, o.connection_id, o.good_id, o.sku_id, o.good_name, o.kind, o.unit_cost_e4, o.currency, o.stock, o.on_sale,
  o.least, o.most, o.field_map, o.weight, o.canary_bp, o.warranty_hours, o.held_cost_e4, o.state, o.rev, o.seen_at, o.created_at,
  o.version
from supply.offer o where o.mall_id = %(mall)s and o.id = %(id)s for update

-- name: put_offers
insert into supply.offer as o (mall_id, id, connection_id, good_id, sku_id, good_name, kind, unit_cost_e4, currency, stock,
  on_sale, least, most, field_map, weight, canary_bp, warranty_hours, held_cost_e4, state, rev, seen_at, created_at, version)
select %(mall)s, n.id, %(connection)s, n.good, n.sku, n.name, n.kind, n.cost, n.currency, n.stock, n.on_sale, n.least, n.most,
  n.fields::jsonb, n.weight, n.canary, n.warranty, n.held, n.state, %(rev)s, %(at)s, %(at)s, n.version
from unnest(%(ids)s, %(goods)s, %(skus)s, %(names)s, %(kinds)s, %(costs)s, %(currencies)s, %(stocks)s, %(on_sales)s, %(leasts)s,
  %(mosts)s, %(fields)s, %(weights)s, %(canaries)s, %(warranties)s, %(helds)s, %(states)s, %(versions)s)
  as n (id, good, sku, name, kind, cost, currency, stock, on_sale, least, most, fields, weight, canary, warranty, held, state,
    version)
on conflict (mall_id, connection_id, good_id, sku_id) do update set good_name = excluded.good_name,
  unit_cost_e4 = excluded.unit_cost_e4, stock = excluded.stock, on_sale = excluded.on_sale, least = excluded.least,
  most = excluded.most, field_map = excluded.field_map, weight = excluded.weight, canary_bp = excluded.canary_bp,
  warranty_hours = excluded.warranty_hours, held_cost_e4 = excluded.held_cost_e4, state = excluded.state,
  rev = excluded.rev, seen_at = excluded.seen_at, version = excluded.version

-- name: policies_since
select sku_id, strategy, tries, exhausted, patience_s, version from supply.policy where mall_id = %(mall)s and rev > %(since)s

-- name: policy_of
select strategy, tries, exhausted, patience_s, version from supply.policy where mall_id = %(mall)s and sku_id = %(sku)s

-- name: put_policy
insert into supply.policy (mall_id, sku_id, strategy, tries, exhausted, patience_s, rev)
values (%(mall)s, %(sku)s, %(strategy)s, %(tries)s, %(exhausted)s, %(patience)s, %(rev)s)
on conflict (mall_id, sku_id) do update set strategy = excluded.strategy, tries = excluded.tries,
  exhausted = excluded.exhausted, patience_s = excluded.patience_s, rev = excluded.rev, version = policy.version + 1

-- name: shelf
select sku_id, unit_cost_e4 from supply.shelf where mall_id = %(mall)s

-- name: cheapest
-- Of these SKUs, per supplier: the cheapest of his offers that can be bought now, null when he has one that cannot; with
-- what his papers are asked by; and those of them that are people's, and how many are not. In the mall's currency, rounded
-- up; without a rate that is not stale it cannot.
select o.sku_id, c.supplier_id, p.brand_id, coalesce(s.instrument_class, ''),
  min(ceil(o.unit_cost_e4::numeric * r.rate_e8 / 100000000)::bigint) filter (
    where o.on_sale and o.held_cost_e4 is null and coalesce(o.stock, 1) > 0 and c.state = 'on'),
  array_agg(o.id) filter (where o.on_sale and o.held_cost_e4 is null and o.stock > 0 and c.state = 'on'
    and r.rate_e8 is not null and c.protocol = 'people'),
  bool_or(c.protocol <> 'people' and o.on_sale and o.held_cost_e4 is null and coalesce(o.stock, 1) > 0 and c.state = 'on'
    and r.rate_e8 is not null)
from supply.offer o
left join unnest(%(currencies)s, %(rates)s) as r (currency, rate_e8) on r.currency = o.currency
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
join catalog.sku s on s.mall_id = o.mall_id and s.id = o.sku_id
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
where o.mall_id = %(mall)s and o.sku_id = any (%(skus)s) and o.state = 'on'
group by 1, 2, 3, 4

-- name: put_shelf
insert into supply.shelf as f (mall_id, sku_id, unit_cost_e4, rev)
select %(mall)s, n.sku, n.cost, %(rev)s from unnest(%(skus)s, %(costs)s) as n (sku, cost)
on conflict (mall_id, sku_id) do update set unit_cost_e4 = excluded.unit_cost_e4, rev = excluded.rev
where f.unit_cost_e4 is distinct from excluded.unit_cost_e4
returning f.sku_id, f.unit_cost_e4

-- name: shelf_of
select sku_id, unit_cost_e4 from supply.shelf where mall_id = %(mall)s and sku_id = any (%(skus)s)

-- name: drop_shelf
delete from supply.shelf where mall_id = %(mall)s and sku_id = any (%(skus)s)

-- name: skus_of
-- That this connection, or this supplier, serves.
select distinct o.sku_id from supply.offer o join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
where o.mall_id = %(mall)s and o.state = 'on'
  and (%(connection)s::bigint is null or c.id = %(connection)s)
  and (%(supplier)s::bigint is null or c.supplier_id = %(supplier)s)

-- name: serving
-- Who serves these SKUs, whether they can be bought from now or not.
select distinct o.sku_id, c.supplier_id
from supply.offer o join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
where o.mall_id = %(mall)s and o.sku_id = any (%(skus)s) and o.state = 'on'

-- name: laid_rates
-- Currency of a connection → the rate by which the shelf was laid out last.
select c.currency, l.rate_id
from (select distinct x.currency from supply.connection x join tenancy.mall m on m.id = x.mall_id
  where x.mall_id = %(mall)s and x.currency <> m.currency) c
left join supply.laid_rate l on l.mall_id = %(mall)s and l.currency = c.currency

-- name: put_laid_rates
insert into supply.laid_rate (mall_id, currency, rate_id)
select %(mall)s, n.currency, n.rate from unnest(%(currencies)s, %(rates)s) as n (currency, rate)
on conflict (mall_id, currency) do update set rate_id = excluded.rate_id

-- name: skus_in
-- That are offered in these currencies.
select distinct o.sku_id from supply.offer o
where o.mall_id = %(mall)s and o.state = 'on' and o.currency = any (%(currencies)s)

-- name: claims
-- Whose papers stand behind which offers.
select distinct c.supplier_id, p.brand_id, coalesce(s.instrument_class, '')
from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
join catalog.sku s on s.mall_id = o.mall_id and s.id = o.sku_id
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
where o.mall_id = %(mall)s and o.state = 'on'

-- name: goods_of
select s.id, p.brand_id, coalesce(s.instrument_class, '')
from catalog.sku s join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
where s.mall_id = %(mall)s and s.id = any (%(skus)s)

-- name: sku_kinds
select id, kind from catalog.sku where mall_id = %(mall)s and id = any (%(skus)s) and status <> 'deleted'

-- name: epoch
select value from tenancy.epoch where mall_id = %(mall)s

-- name: add_attempts
insert into supply.attempt (home_id, id, order_id, line_no, n, sku_id, offer_id, connection_id, supplier_id, good_id, kind,
  quantity, most_unit_e4, unit_cost_e4, currency, rate_id, rate_e8, why, state, next_at, called_at)
select %(home)s, a.id, a.order_id, a.line_no, a.n, a.sku, a.offer, a.connection, a.supplier, a.good, a.kind, a.quantity,
  a.most, a.cost, a.currency, a.rate_id, a.rate, a.why, 'calling', %(ask_at)s, %(at)s
from unnest(%(ids)s, %(orders)s, %(lines)s, %(ns)s, %(skus)s, %(offers)s, %(connections)s, %(suppliers)s, %(goods)s, %(kinds)s,
  %(quantities)s, %(mosts)s, %(costs)s, %(currencies)s, %(rate_ids)s, %(rates)s, %(whys)s)
  as a (id, order_id, line_no, n, sku, offer, connection, supplier, good, kind, quantity, most, cost, currency, rate_id, rate, why)

-- name: lock_attempts
select a.id, a.order_id, a.line_no, a.n, a.sku_id, a.offer_id, a.connection_id, a.supplier_id, a.good_id, a.kind, a.quantity,
  a.most_unit_e4, a.unit_cost_e4, a.currency, a.state, a.reason, a.said, a.supplier_ref, a.cost_e4, a.refunded_e4, a.asked,
  a.missing_since, a.next_at, a.people_at, a.called_at, a.answered_at, a.ended_at,
  a.rate_id, a.rate_e8
from supply.attempt a where a.home_id = %(home)s and a.id = any (%(ids)s) order by a.id for update

-- name: attempts_of_lines
select a.id, a.order_id, a.line_no, a.n, a.sku_id, a.offer_id, a.connection_id, a.supplier_id, a.good_id, a.kind, a.quantity,
  a.most_unit_e4, a.unit_cost_e4, a.currency, a.state, a.reason, a.said, a.supplier_ref, a.cost_e4, a.refunded_e4, a.asked,
  a.missing_since, a.next_at, a.people_at, a.called_at, a.answered_at, a.ended_at,
  a.rate_id, a.rate_e8
from supply.attempt a where a.home_id = %(home)s and a.order_id = any (%(orders)s) order by a.order_id, a.line_no, a.n

-- name: due_attempts
-- Taken for a while: whoever takes them asks, and nobody else does meanwhile.
update supply.attempt t set next_at = %(until)s
where t.home_id = %(home)s and t.id = any (array(
  select a.id from supply.attempt a where a.home_id = %(home)s and a.next_at <= %(now)s
  order by a.next_at limit %(size)s for update skip locked))
returning t.id, t.order_id, t.line_no, t.n, t.sku_id, t.offer_id, t.connection_id, t.supplier_id, t.good_id, t.kind, t.quantity,
  t.most_unit_e4, t.unit_cost_e4, t.currency, t.state, t.reason, t.said, t.supplier_ref, t.cost_e4, t.refunded_e4, t.asked,
  t.missing_since, t.next_at, t.people_at, t.called_at, t.answered_at, t.ended_at,
  t.rate_id, t.rate_e8

-- name: set_attempts
update supply.attempt t set state = s.state, reason = s.reason, said = s.said, supplier_ref = s.supplier_ref,
  cost_e4 = s.cost, refunded_e4 = s.refunded, asked = s.asked, missing_since = s.missing, next_at = s.next,
  people_at = s.people, answered_at = s.answered, ended_at = s.ended
from unnest(%(ids)s, %(states)s, %(reasons)s, %(saids)s, %(refs)s, %(costs)s, %(refundeds)s, %(askeds)s, %(missings)s, %(nexts)s,
  %(peoples)s, %(answereds)s, %(endeds)s)
  as s (id, state, reason, said, supplier_ref, cost, refunded, asked, missing, next, people, answered, ended)
where t.home_id = %(home)s and t.id = any (%(ids)s) and t.id = s.id

-- name: keep_answers
update supply.attempt t set answer = s.sealed from unnest(%(ids)s, %(sealed)s) as s (id, sealed)
where t.home_id = %(home)s and t.id = any (%(ids)s) and t.id = s.id

-- name: kept_answer
select answer from supply.attempt where home_id = %(home)s and id = %(id)s

-- name: keep_unread
update supply.attempt t set unread = s.sealed from unnest(%(ids)s, %(sealed)s) as s (id, sealed)
where t.home_id = %(home)s and t.id = any (%(ids)s) and t.id = s.id

-- name: kept_unread
select id, unread from supply.attempt where home_id = %(home)s and id = any (%(ids)s) and unread is not null

-- name: has_unread
select order_id, unread is not null from supply.attempt where home_id = %(home)s and id = %(id)s

-- name: whys
select id, why from supply.attempt where home_id = %(home)s and id = any (%(ids)s)

-- name: connection_of_token
select mall_id, id from supply.connection_of_token(%(token)s)


-- name: measure
-- Of the newest purchases of a window, in the order of score.Measured. One that was begun just now has no say yet, nor one
-- whose buyer gave a wrong account.
with bought as (
  select a.id, a.good_id, a.state, a.reason, a.unit_cost_e4, a.called_at, a.ended_at,
    lag(a.unit_cost_e4) over (partition by a.good_id order by a.id) as before_e4
  from (
    select * from (
      select id, good_id, state, reason, unit_cost_e4, called_at, ended_at from supply.attempt
      where home_id = %(home)s and connection_id = %(connection)s and id >= %(since)s
      order by id desc limit %(most)s) newest
    where newest.state <> 'calling' and newest.reason <> 'wrong_account') a
)
select count(*)::int, count(*) filter (where state in ('succeeded', 'accepted'))::int,
  count(*) filter (where state = 'unknown')::int, count(*) filter (where state = 'surplus')::int,
  count(*) filter (where state = 'failed' and reason = 'reversed')::int,
  percentile_disc(0.5) within group (order by (extract(epoch from ended_at - called_at) * 1000)::int)
    filter (where state = 'succeeded'),
  percentile_disc(0.95) within group (order by (extract(epoch from ended_at - called_at) * 1000)::int)
    filter (where state = 'succeeded'),
  coalesce(avg(abs(unit_cost_e4 - before_e4) * 10000 / greatest(before_e4, 1)) filter (where before_e4 is not null), 0)::int
from bought

-- name: lately
-- Connection → how its newest purchases went, as a share in basis points and how long the first answer took.
select c.id, l.success_bp, l.latency_ms from supply.connection c
cross join lateral (
  select count(*) as n, avg(case when a.state in ('succeeded', 'accepted') or a.reason = 'wrong_account' then 10000 else 0 end) as success_bp,
    coalesce(avg(extract(epoch from a.answered_at - a.called_at) * 1000) filter (where a.asked = 0), 0) as latency_ms
  from (
    select state, reason, asked, answered_at, called_at from supply.attempt
    where home_id = %(home)s and connection_id = c.id and id >= %(since)s and answered_at is not null
    order by id desc limit %(most)s) a
) l
where c.mall_id = %(mall)s and l.n > 0
