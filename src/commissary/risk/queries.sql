-- name: rules_of
select id, name_zh, name_en, kind, params, action, enabled, updated_at, version
from risk.rule where mall_id = %(mall)s order by id

-- name: lock_rule
select id, name_zh, name_en, kind, params, action, enabled, updated_at, version
from risk.rule where mall_id = %(mall)s and id = %(id)s for update

-- name: lock_book
-- One who changes rules at a time, so that a mall is seeded once.
select pg_advisory_xact_lock(1920166763, %(mall)s::integer)

-- name: add_rule
insert into risk.rule (mall_id, id, name_zh, name_en, kind, params, action, enabled, updated_at)
values (%(mall)s, %(id)s, %(name_zh)s, %(name_en)s, %(kind)s, %(params)s, %(action)s, %(enabled)s, %(at)s)

-- name: set_rule
update risk.rule set name_zh = %(name_zh)s, name_en = %(name_en)s, params = %(params)s, action = %(action)s,
  enabled = %(enabled)s, updated_at = %(at)s, version = %(version)s
where mall_id = %(mall)s and id = %(id)s

-- name: entries_of
-- All that still hold, for the engine.
select id, list, subject, value, reason, expires_at, created_at
from risk.entry where mall_id = %(mall)s and (expires_at is null or expires_at > %(at)s) order by id

-- name: list_entries
-- Also those that expired, for people; newest first.
select id, list, subject, value, reason, expires_at, created_at
from risk.entry
where mall_id = %(mall)s and id < %(before)s and (%(list)s::text is null or list = %(list)s)
order by id desc limit %(size)s

-- name: put_entry
-- The same value again takes the new reason and end.
insert into risk.entry (mall_id, id, list, subject, value, reason, expires_at, created_at)
values (%(mall)s, %(id)s, %(list)s, %(subject)s, %(value)s, %(reason)s, %(expires_at)s, %(at)s)
on conflict (mall_id, list, subject, value) do update set reason = excluded.reason, expires_at = excluded.expires_at
returning id, list, subject, value, reason, expires_at, created_at

-- name: drop_entry
delete from risk.entry where mall_id = %(mall)s and id = %(id)s
returning id, list, subject, value, reason, expires_at, created_at

-- name: record
-- A flush that is repeated after a lost answer writes nothing twice.
insert into risk.decision (home_id, id, order_id, client_order_no, buyer_id, verdict, evidence, at)
select %(home)s, d.id, d.order_id, d.client_order_no, d.buyer_id, d.verdict, d.hits, d.at
from jsonb_to_recordset(%(decisions)s::jsonb) as d (
  id bigint, order_id bigint, client_order_no text, buyer_id bigint, verdict text, hits jsonb, at timestamptz
)
on conflict (home_id, id) do nothing

-- name: list_decisions
-- Newest first; a mall's homes lie side by side.
select id, order_id, client_order_no, buyer_id, verdict, evidence, at
from risk.decision
where home_id >= %(first_home)s and home_id <= %(last_home)s and id < %(before)s
  and (%(verdict)s::text is null or verdict = %(verdict)s)
  and (%(buyer)s::bigint is null or buyer_id = %(buyer)s)
  and (%(order)s::bigint is null or order_id = %(order)s)
order by id desc limit %(size)s

-- name: decision
select id, order_id, client_order_no, buyer_id, verdict, evidence, at
from risk.decision where home_id >= %(first_home)s and home_id <= %(last_home)s and id = %(id)s
