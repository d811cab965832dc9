-- name: revenue_account
select id from ledger.account
where home_id = %(home)s and kind = 'revenue' and sub = '' and currency = %(currency)s order by id limit 1
