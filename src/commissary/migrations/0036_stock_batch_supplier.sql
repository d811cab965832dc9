-- outside a transaction: the table is in use while its index is built

-- What came from a supplier: who may not sell any more is looked for by his id.
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
drop index concurrently if exists stock.batch_supplier;
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
create index concurrently batch_supplier on stock.batch (home_id, supplier_id) where supplier_id is not null;
