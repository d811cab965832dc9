-- outside a transaction: the table is in use while its index is built

-- A connection's purchases of a day, and those that were still open in it, without its whole history. Behind a build that
-- was killed stands an index that nothing reads.
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
drop index concurrently if exists supply.attempt_ended;
-- squawk-ignore ban-concurrent-index-creation-in-transaction, prefer-robust-stmts
create index concurrently attempt_ended on supply.attempt (home_id, connection_id, ended_at, called_at);
