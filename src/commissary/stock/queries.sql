-- name: data_keys
select id, kek_id, dek from stock.batch where home_id = %(home)s and id = any (%(batches)s)
