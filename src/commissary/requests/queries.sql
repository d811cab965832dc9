-- name: add_request
insert into requests.request (home_id, id, organisation_id, department_id, asked_by, request_no, body, reason, sealed, recipients,
  currency, amount_e4, most_e4, state, alone, asked_at, updated_at)
values (%(home)s, %(id)s, %(organisation)s, %(department)s, %(asked_by)s, %(request_no)s, %(body)s, %(reason)s, %(sealed)s,
  %(recipients)s, %(currency)s, %(amount)s, %(most)s, %(state)s, %(alone)s, %(at)s, %(at)s)
on conflict (home_id, organisation_id, asked_by, request_no) do nothing

-- name: add_lines
insert into requests.line (home_id, request_id, line_no, sku_id, quantity, unit_price_e4)
select %(home)s, %(id)s, l.no, l.sku, l.quantity, l.price
from unnest(%(nos)s, %(skus)s, %(quantities)s, %(prices)s) as l (no, sku, quantity, price)

-- name: request
select id, organisation_id, department_id, asked_by, request_no, body, reason, recipients, currency, amount_e4, most_e4, state, alone,
  decided_by, decided_at, comment, order_id, failure, asked_at, updated_at
from requests.request where home_id = %(home)s and id = %(id)s

-- name: lock_request
select id, organisation_id, department_id, asked_by, request_no, body, reason, recipients, currency, amount_e4, most_e4, state, alone,
  decided_by, decided_at, comment, order_id, failure, asked_at, updated_at
from requests.request where home_id = %(home)s and id = %(id)s for no key update

-- name: request_by_no
select id, organisation_id, department_id, asked_by, request_no, body, reason, recipients, currency, amount_e4, most_e4, state, alone,
  decided_by, decided_at, comment, order_id, failure, asked_at, updated_at
from requests.request
where home_id = %(home)s and organisation_id = %(organisation)s and asked_by = %(asked_by)s and request_no = %(request_no)s

-- name: list_requests
-- Newest first: what somebody asked, and what waits in the departments whose head he is; `all` for an approver of the company.
select r.id, r.organisation_id, r.department_id, r.asked_by, r.request_no, r.body, r.reason, r.recipients, r.currency, r.amount_e4,
  r.most_e4, r.state, r.alone, r.decided_by, r.decided_at, r.comment, r.order_id, r.failure, r.asked_at, r.updated_at
from requests.request r
where r.home_id = %(home)s and r.organisation_id = %(organisation)s and r.id < %(before)s
  and (%(department)s::bigint is null or r.department_id = %(department)s)
  and (%(states)s::text[] is null or r.state = any (%(states)s))
  and case %(whose)s
    when 'mine' then r.asked_by = %(person)s
    when 'to_decide' then r.state = 'asked' and r.asked_by <> %(person)s and (%(all)s or r.department_id = any (%(heads)s))
    else r.asked_by = %(person)s or %(all)s or r.department_id = any (%(heads)s)
  end
order by r.id desc limit %(size)s

-- name: lines
select sku_id, quantity, unit_price_e4 from requests.line where home_id = %(home)s and request_id = %(id)s order by line_no

-- name: lines_of_many
select request_id, sku_id, quantity, unit_price_e4 from requests.line
where home_id = %(home)s and request_id = any (%(ids)s) order by request_id, line_no

-- name: sealed
select sealed from requests.request where home_id = %(home)s and id = %(id)s

-- name: reprice
update requests.line l set unit_price_e4 = p.price
from unnest(%(nos)s, %(prices)s) as p (no, price)
where l.home_id = %(home)s and l.request_id = %(id)s and l.line_no = any (%(nos)s) and l.line_no = p.no

-- name: set_request
-- Whoever holds its lock; from the states that it may be in, and no other.
update requests.request set state = %(state)s, alone = %(alone)s, amount_e4 = %(amount)s, most_e4 = %(most)s,
  decided_by = %(decided_by)s, decided_at = %(decided_at)s, comment = %(comment)s, order_id = %(order)s, failure = %(failure)s,
  updated_at = %(at)s
where home_id = %(home)s and id = %(id)s

-- name: bought_alone
-- Since the month began in the mall's zone.
select coalesce(sum(r.amount_e4), 0)::bigint from requests.request r join tenancy.mall m on m.id = %(mall)s
where r.home_id = %(home)s and r.department_id = %(department)s and r.asked_by = %(person)s and r.alone
  and r.state in ('approved', 'placed')
  and r.asked_at >= date_trunc('month', %(now)s at time zone m.zone) at time zone m.zone

-- name: approved
-- Whose order nobody seems to be placing.
select id from requests.request where home_id = %(home)s and state = 'approved' and updated_at < %(before)s order by id limit 50

-- name: people_names
select id, name from tenancy.person where mall_id = %(mall)s and id = any (%(ids)s)

-- name: department_names
select id, name from partners.department where mall_id = %(mall)s and id = any (%(ids)s)
