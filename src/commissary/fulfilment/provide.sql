-- Who has a purchase in hand that waits for its supplier's people.

-- name: in_hand
-- The caller holds the purchase's lock, as everybody who changes this does.
select holder, until_at from fulfilment.in_hand where home_id = %(home)s and attempt_id = %(id)s

-- name: take_in_hand
insert into fulfilment.in_hand (home_id, attempt_id, holder, until_at)
values (%(home)s, %(id)s, %(holder)s, %(until)s)
on conflict (home_id, attempt_id) do update set holder = excluded.holder, until_at = excluded.until_at

-- name: holders
select attempt_id, holder, until_at from fulfilment.in_hand
where home_id = %(home)s and attempt_id = any (%(ids)s) and until_at > %(now)s

-- name: give_back
update fulfilment.in_hand set until_at = %(now)s where home_id = %(home)s and attempt_id = %(id)s and until_at > %(now)s
