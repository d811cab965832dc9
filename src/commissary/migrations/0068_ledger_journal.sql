-- outside a transaction: the tables are in use while their indexes are built

-- What the journal of transfers is looked through by. A sale writes into one of these only, and that one keeps a summary per
-- a few pages: transfers come in the order of time, and those of an order come together. Behind a build that was killed stands
-- an index that nothing reads.
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
drop index concurrently if exists ledger.transfer_journal;
-- By order and by time. What comes late, such as the refund of an old order, does not widen a range.
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
create index concurrently transfer_journal on ledger.transfer using brin (home_id, order_id int8_minmax_multi_ops, at) with (pages_per_range = 16, autosummarize = on);

-- By kind, but for those that every order brings: 1 sale, 2 capture, 3 refund, 8 purchase.
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
drop index concurrently if exists ledger.transfer_rare;
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
create index concurrently transfer_rare on ledger.transfer (home_id, kind, id) where kind not in (1, 2, 3, 8);

-- Under which reference money came or went.
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
drop index concurrently if exists ledger.reference_transfer;
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
create index concurrently reference_transfer on ledger.reference (home_id, transfer_id);
