-- Invariants that span domains. Each query returns the rows that break one; none is the only good answer. They run in one
-- snapshot, as the role that sees all malls. A name begins with the invariant's number (reliability R2), or with `w` for
-- a warning. A domain's own invariants stand in the `checks.sql` of its folder.

-- name: i3_no_code_in_two_lines
-- en: A code was sold to two lines
-- zh: 同一卡密被售给两个订单行
-- A reversed line gave its codes back; they may be sold again.
select home_id, batch_id, first_seq, last_seq, order_id, line_no
from (
  select t.home_id, t.batch_id, t.first_seq, t.last_seq, t.order_id, t.line_no,
    max(t.last_seq) over (partition by t.home_id, t.batch_id order by t.first_seq, t.last_seq, t.order_id, t.line_no, t.n
      rows between unbounded preceding and 1 preceding) as before
  from orders.take t
  where not t.shared and not exists (
    select from orders.line l
    where l.home_id = t.home_id and l.order_id = t.order_id and l.line_no = t.line_no and l.state = 'reversed')
) x
where x.before >= x.first_seq

-- name: i3_takes_are_of_their_batch
-- en: A line took codes of a batch that its lot is not of
-- zh: 订单行取走的卡密不属于其库存段的批次
-- Lots are cut when codes come back or are set aside, so a line's codes may by now lie in another lot of the batch.
select t.home_id, t.order_id, t.line_no, t.lot_id, t.batch_id, t.first_seq, t.last_seq, b.received
from orders.take t
left join stock.lot l on l.home_id = t.home_id and l.id = t.lot_id
left join stock.batch b on b.home_id = t.home_id and b.id = t.batch_id
where l.id is null or b.id is null or l.batch_id <> t.batch_id or t.shared <> l.unlimited
  or t.first_seq < 1 or t.last_seq > b.received or (t.shared and t.first_seq <> t.last_seq)

-- name: i4_keys_have_orders
-- en: An idempotency key names an order that does not exist
-- zh: 幂等键指向不存在的订单
select i.home_id, encode(i.key, 'hex') as key, i.order_id
from orders.idempotency i
left join orders.orders o on o.home_id = i.home_id and o.id = i.order_id
where o.id is null

-- name: i4_orders_have_keys
-- en: An order of the last 30 days has no idempotency key, or several
-- zh: 近 30 天内的订单缺少幂等键或有多个
select o.home_id, o.id as order_id, o.client_order_no, coalesce(i.keys, 0) as keys
from orders.orders o
left join (
  select home_id, order_id, count(*) as keys from orders.idempotency group by home_id, order_id
) i on i.home_id = o.home_id and i.order_id = o.id
where coalesce(i.keys, 0) <> 1 and (o.placed_at > clock_timestamp() - interval '30 days' or i.keys > 1)

-- name: i4_orders_are_their_lines
-- en: An order's amount is not the sum of its lines, or one is without the other
-- zh: 订单金额与明细不符，或订单与明细缺失其一
select coalesce(o.home_id, l.home_id) as home_id, coalesce(o.id, l.order_id) as order_id, o.amount_e4, l.lines_e4
from orders.orders o
full join (
  select home_id, order_id, sum(amount_e4)::bigint as lines_e4 from orders.line group by home_id, order_id
) l on l.home_id = o.home_id and l.order_id = o.id
where o.id is null or l.order_id is null or o.amount_e4 <> l.lines_e4

-- name: i4_lines_are_their_prices
-- en: A line's amount is not its price times its quantity
-- zh: 订单行金额不等于单价乘以数量
select home_id, order_id, line_no, quantity, unit_price_e4, amount_e4
from orders.line
where (bundle_id is null and amount_e4 <> unit_price_e4 * quantity) or unit_price_e4 <> amount_e4 / quantity

-- name: i4_order_states_follow_lines
-- en: An order's state is not what its lines make it
-- zh: 订单状态与明细状态不符
select o.home_id, o.id as order_id, o.state, l.state as by_lines
from orders.orders o
join (
  select home_id, order_id, case
      when bool_or(state = 'review') then 'review'
      when bool_or(state in ('waiting', 'working')) then 'processing'
      when bool_or(state = 'scheduled') then 'scheduled'
      when bool_or(state = 'reversed') and bool_and(state in ('reversed', 'failed', 'cancelled')) then 'reversed'
      when bool_and(state = 'cancelled') then 'cancelled'
      when bool_and(state in ('failed', 'cancelled')) then 'failed'
      when bool_and(state = 'delivered') then 'delivered'
      else 'partially_delivered' end as state
  from orders.line group by home_id, order_id
) l on l.home_id = o.home_id and l.order_id = o.id
where o.state <> l.state

-- name: i4_orders_are_paid_for
-- en: What an order's buyer paid, has on hold and got released is not the order's amount
-- zh: 订单的已付、冻结与已释放金额之和不等于订单金额
-- Kinds: 1 sale, 2 capture.
select o.home_id, o.id as order_id, o.amount_e4, coalesce(t.paid_e4, 0) as paid_e4, coalesce(h.held_e4, 0) as held_e4
from orders.orders o
left join (
  select home_id, order_id, dr_id, sum(amount_e4)::bigint as paid_e4
  from ledger.transfer where kind in (1, 2) and order_id is not null group by home_id, order_id, dr_id
) t on t.home_id = o.home_id and t.order_id = o.id and t.dr_id = o.account_id
left join (
  select home_id, order_id, sum(amount_e4 - captured_e4)::bigint as held_e4
  from ledger.hold where order_id is not null group by home_id, order_id
) h on h.home_id = o.home_id and h.order_id = o.id
where coalesce(t.paid_e4, 0) + coalesce(h.held_e4, 0) <> o.amount_e4

-- name: i4_delivered_is_taken
-- en: A line delivered more or less than was taken for it
-- zh: 订单行的交付数量与取出数量不一致
select l.home_id, l.order_id, l.line_no, l.state, l.quantity, l.delivered, coalesce(t.taken, 0) + coalesce(d.handed, 0) as found
from orders.line l
left join (
  select home_id, order_id, line_no, sum(last_seq - first_seq + 1) filter (where not shared) as taken,
    bool_or(shared) as shared
  from orders.take group by home_id, order_id, line_no
) t on t.home_id = l.home_id and t.order_id = l.order_id and t.line_no = l.line_no
left join (
  select home_id, order_id, line_no, sum(quantity) as handed
  from orders.delivery group by home_id, order_id, line_no
) d on d.home_id = l.home_id and d.order_id = l.order_id and d.line_no = l.line_no
where (coalesce(t.shared, false) and l.delivered = 0)
  or (not coalesce(t.shared, false) and l.delivered <> coalesce(t.taken, 0) + coalesce(d.handed, 0))
  or (l.state = 'delivered' and l.delivered <> l.quantity)

-- name: i4_costs_are_of_their_lots
-- en: A line's cost is not that of the codes it took
-- zh: 订单行成本与所取卡密成本不符
select l.home_id, l.order_id, l.line_no, l.cost_e4, t.cost_e4 as by_takes_e4
from orders.line l
join (
  select t.home_id, t.order_id, t.line_no, bool_or(t.shared) as shared, max(t.unit_cost_e4) as unit_cost_e4,
    sum(t.unit_cost_e4 * (t.last_seq - t.first_seq + 1))::bigint as cost_e4
  from orders.take t group by t.home_id, t.order_id, t.line_no
) t on t.home_id = l.home_id and t.order_id = l.order_id and t.line_no = l.line_no
where l.mode = 'stock' and l.cost_e4 <> case when t.shared then t.unit_cost_e4 * l.quantity else t.cost_e4 end

-- name: i4_quotes_are_used_by_lines
-- en: A quote's counter is not what orders bought under it
-- zh: 报价已用数量与订单不符
-- Bundles are written as their parts and are left out.
select q.home_id, q.quote_id, q.sku_id, q.quantity, q.used, coalesce(l.bought, 0) as bought
from pricing.quote_line q
left join (
  select l.home_id, o.quote_id, l.sku_id, sum(l.quantity) as bought
  from orders.orders o
  join orders.line l on l.home_id = o.home_id and l.order_id = o.id and l.bundle_id is null
  where o.quote_id is not null
  group by l.home_id, o.quote_id, l.sku_id
) l on l.home_id = q.home_id and l.quote_id = q.quote_id and l.sku_id = q.sku_id
where q.used > q.quantity or (q.used <> coalesce(l.bought, 0) and not exists (
  select from catalog.component c where c.mall_id = q.home_id >> 10 and c.bundle_id = q.sku_id))

-- name: i4_recent_orders_were_told
-- en: An order of the last hour is in no outbox row
-- zh: 近一小时内的订单缺少事件记录
-- Only homes whose oldest kept row is older than the order; consumed rows are removed.
with kept as (
  select home_id, min(at) as since from base.outbox where at > clock_timestamp() - interval '1 hour' group by home_id
), told as (
  select distinct b.home_id, (e ->> 'subject')::bigint as order_id
  from base.outbox b
  cross join lateral jsonb_array_elements(convert_from(b.events, 'UTF8')::jsonb) as e
  where b.at > clock_timestamp() - interval '1 hour' and e ->> 'kind' like 'order.%'
)
select o.home_id, o.id as order_id, o.placed_at
from orders.orders o
join kept k on k.home_id = o.home_id and o.placed_at >= k.since
left join told t on t.home_id = o.home_id and t.order_id = o.id
where t.order_id is null

-- name: i4_outbox_has_no_gap
-- en: The outbox of a home misses rows, or its head is behind
-- zh: 事件表有缺口，或序号头落后
select h.home_id, h.last_seq, b.first_seq, b.top_seq, b.kept
from base.outbox_head h
left join (
  select home_id, min(seq) as first_seq, max(seq) as top_seq, count(*) as kept from base.outbox group by home_id
) b on b.home_id = h.home_id
where b.kept is not null and (b.top_seq <> h.last_seq or b.top_seq - b.first_seq + 1 <> b.kept)

-- name: i7_returned_is_refunded_or_released
-- en: What lines gave back is not what was refunded and released
-- zh: 订单行退还金额与退款及解冻金额不符
-- Kind 3: a refund.
select l.home_id, l.order_id, l.returned_e4, coalesce(t.refunded_e4, 0) as refunded_e4, coalesce(h.released_e4, 0) as released_e4
from (select home_id, order_id, sum(returned_e4)::bigint as returned_e4 from orders.line group by home_id, order_id) l
left join (
  select home_id, order_id, sum(amount_e4)::bigint as refunded_e4
  from ledger.transfer where kind = 3 and order_id is not null group by home_id, order_id
) t on t.home_id = l.home_id and t.order_id = l.order_id
left join (
  select home_id, order_id, sum(released_e4)::bigint as released_e4
  from ledger.hold where order_id is not null group by home_id, order_id
) h on h.home_id = l.home_id and h.order_id = l.order_id
where l.returned_e4 <> coalesce(t.refunded_e4, 0) + coalesce(h.released_e4, 0)

-- name: i8_batches_are_covered_once
-- en: A received code is neither in stock nor sold, or is counted twice
-- zh: 入库卡密既不在库也未售出，或被重复计算
-- Unsold parts of lots and the ranges of lines that were not reversed tile 1..received; what remains must be reversed.
with part as (
  select home_id, batch_id, next_seq as first_seq, end_seq as last_seq, true as counts
  from stock.lot where next_seq <= end_seq
  union all
  select t.home_id, t.batch_id, t.first_seq, t.last_seq, not exists (
    select from orders.line l
    where l.home_id = t.home_id and l.order_id = t.order_id and l.line_no = t.line_no and l.state = 'reversed')
  from orders.take t where not t.shared
), total as (
  select home_id, batch_id,
    coalesce(sum(last_seq - first_seq + 1) filter (where counts), 0)::bigint as covered,
    coalesce(sum(last_seq - first_seq + 1) filter (where not counts), 0)::bigint as given_back
  from part group by home_id, batch_id
)
select b.home_id, b.id as batch_id, b.received, coalesce(t.covered, 0) as covered, coalesce(t.given_back, 0) as given_back
from stock.batch b
left join total t on t.home_id = b.home_id and t.batch_id = b.id
where b.state <> 'receiving'
  and (coalesce(t.covered, 0) > b.received or coalesce(t.covered, 0) + coalesce(t.given_back, 0) < b.received)

-- name: i8_lots_offer_nothing_sold
-- en: A lot offers codes that a line already has
-- zh: 库存段中包含已售出的卡密
select l.home_id, l.batch_id, l.id as lot_id, t.order_id, t.line_no, t.first_seq, t.last_seq
from stock.lot l
join orders.take t on t.home_id = l.home_id and t.batch_id = l.batch_id and not t.shared
  and t.first_seq <= l.end_seq and t.last_seq >= l.next_seq
where l.next_seq <= l.end_seq and not l.unlimited and not exists (
  select from orders.line r
  where r.home_id = t.home_id and r.order_id = t.order_id and r.line_no = t.line_no and r.state = 'reversed')

-- name: i9_leaves_are_of_their_events
-- en: A custody event was changed: its leaf is not its hash
-- zh: 流转记录被改动：叶子哈希与内容不符
select home_id, subject_id, n, kind, at
from provenance.event
where leaf <> sha256('\x00'::bytea || body)

-- name: i9_sales_have_one_leaf
-- en: A line delivered from stock has no leaf with exactly its codes, or several
-- zh: 从库存交付的订单行缺少与其卡密一致的唯一存证
-- The canonical body is one text, so the codes and the line are looked for as text; kind 2 is a sale.
with sold as (
  select home_id, subject_id, n, convert_from(body, 'UTF8') as body from provenance.event where kind = 2
), taken as (
  select home_id, order_id, line_no,
    string_agg('["' || batch_id || '",' || first_seq || ',' || last_seq || ']', ',' order by n) as codes
  from orders.take group by home_id, order_id, line_no
)
select l.home_id, l.order_id, l.line_no, l.delivered, count(s.n) as leaves, max(s.body) as leaf
from orders.line l
join taken t on t.home_id = l.home_id and t.order_id = l.order_id and t.line_no = l.line_no
left join sold s on s.home_id = l.home_id and s.subject_id = l.order_id
  and strpos(s.body, '"line":' || l.line_no || ',"order":"' || l.order_id || '"') > 0
where l.mode = 'stock'
group by l.home_id, l.order_id, l.line_no, l.delivered, t.codes
having count(s.n) <> 1 or bool_or(strpos(s.body, '"codes":[' || t.codes || ']') = 0)

-- name: i9_leaves_have_sales
-- en: A leaf tells of a sale that no line has
-- zh: 存证中的销售没有对应的订单行
select e.home_id, e.subject_id as order_id, count(*) as leaves, coalesce(max(l.lines), 0) as lines
from provenance.event e
left join (
  select home_id, order_id, count(*) as lines from orders.line where delivered > 0 group by home_id, order_id
) l on l.home_id = e.home_id and l.order_id = e.subject_id
where e.kind = 2
group by e.home_id, e.subject_id
having count(*) > coalesce(max(l.lines), 0)

-- name: i10_keys_are_unique
-- en: An idempotency key stands twice
-- zh: 幂等键重复
select home_id, encode(key, 'hex') as key, count(*) as times
from orders.idempotency group by home_id, key having count(*) > 1

-- name: i10_client_numbers_are_unique
-- en: A buyer's order number of the last 30 days made two orders
-- zh: 近 30 天内同一客户订单号产生了两个订单
select home_id, buyer_id, client_order_no, count(*) as orders, min(id) as first_id, max(id) as last_id
from orders.orders
where placed_at > clock_timestamp() - interval '30 days'
group by home_id, buyer_id, client_order_no having count(*) > 1

-- name: w_default_partitions_are_empty
-- en: Rows lie in a default partition: a month's partition was missing
-- zh: 默认分区中有数据：缺少对应月份的分区
select 'orders.orders_default' as partition, count(*) as rows from orders.orders where tableoid = 'orders.orders_default'::regclass having count(*) > 0
union all
select 'orders.line_default', count(*) from orders.line where tableoid = 'orders.line_default'::regclass having count(*) > 0
union all
select 'orders.take_default', count(*) from orders.take where tableoid = 'orders.take_default'::regclass having count(*) > 0

-- name: w_partitions_are_ahead
-- en: The partitions of the next two months are not all there
-- zh: 未来两个月的分区尚未全部创建
select t.name || '_' || to_char(m.month, 'YYYYMM') as missing
from unnest(array['orders', 'line', 'take']) as t (name)
cross join generate_series(date_trunc('month', clock_timestamp()), date_trunc('month', clock_timestamp()) + interval '2 months', interval '1 month') as m (month)
where to_regclass('orders.' || t.name || '_' || to_char(m.month, 'YYYYMM')) is null

-- name: i5_one_purchase_for_a_line
-- en: A line has more than one purchase that was made and kept
-- zh: 同一订单行存在多笔有效采购
select home_id, order_id, line_no, count(*)::integer as purchases
from supply.attempt
where state in ('calling', 'accepted', 'unknown', 'succeeded')
group by home_id, order_id, line_no
having count(*) > 1

-- name: i5_what_was_bought_was_delivered
-- en: A purchase succeeded for a line that has not got it, or a line was delivered from a supplier without one
-- zh: 采购成功但订单行未交付，或订单行由供应商交付却无成功采购
-- Line 0 is of no order: goods bought for the shelf.
select coalesce(a.home_id, l.home_id) as home_id, coalesce(a.order_id, l.order_id) as order_id,
  coalesce(a.line_no, l.line_no) as line_no, a.id as purchase_id, l.state
from (select home_id, id, order_id, line_no from supply.attempt where state = 'succeeded' and line_no > 0) a
full join (
  select home_id, order_id, line_no, state from orders.line
  where mode = 'supply' and state in ('delivered', 'partial')
) l on l.home_id = a.home_id and l.order_id = a.order_id and l.line_no = a.line_no
where (l.order_id is null and not exists (
    select from orders.line x where x.home_id = a.home_id and x.order_id = a.order_id and x.line_no = a.line_no
      and x.state in ('delivered', 'partial', 'reversed')))
  or a.id is null

-- name: i5_a_purchase_is_paid_once
-- en: A purchase that was made is not in the ledger with what it cost, or the ledger has one that was not made
-- zh: 采购金额与账本不符，或账本存在无对应采购的付款
select coalesce(a.home_id, t.home_id) as home_id, coalesce(a.id, t.id) as purchase_id, a.cost_e4, t.amount_e4
from (
  select home_id, id, coalesce(cost_e4, unit_cost_e4 * quantity) as cost_e4 from supply.attempt
  where state in ('succeeded', 'surplus')
) a
full join (select home_id, id, amount_e4 from ledger.transfer where kind = 8) t on t.home_id = a.home_id and t.id = a.id
where (a.id is null and not exists (select from supply.attempt x where x.home_id = t.home_id and x.id = t.id))
  or (t.id is null and a.cost_e4 > 0) or a.cost_e4 <> t.amount_e4

-- name: i6_handed_over_once
-- en: A supplier's line holds more or fewer pieces than it says were delivered
-- zh: 供应商交付的件数与订单行记录不符
-- A callback that was applied twice would hand over twice.
select l.home_id, l.order_id, l.line_no, l.delivered, coalesce(sum(d.quantity), 0)::integer as handed
from orders.line l
left join orders.delivery d on d.home_id = l.home_id and d.order_id = l.order_id and d.line_no = l.line_no
where l.mode = 'supply' and l.state in ('delivered', 'partial', 'reversed')
group by l.home_id, l.order_id, l.line_no, l.delivered
having l.delivered <> coalesce(sum(d.quantity), 0)
