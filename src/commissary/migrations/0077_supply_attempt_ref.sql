-- outside a transaction: the table is in use while its index is built

-- The number that a supplier gave a purchase, as he names it in a dispute. Behind a build that was killed stands an index that
-- nothing reads.
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
drop index concurrently if exists supply.attempt_ref;
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
create index concurrently attempt_ref on supply.attempt (home_id, supplier_ref) where supplier_ref <> '';
