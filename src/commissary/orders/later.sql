-- What is asked about orders after their sale, beside the order path and not on it.

-- name: callbacks
-- Of those that brought a callback of their own.
select id, callback_url from orders.orders
where home_id = %(home)s and id = any (%(ids)s) and callback_url is not null
