-- Lines that are bought from suppliers: found by the oldest order, and left to people when nobody can serve them.

-- Replaced in the same transaction by one that allows more, which every row there keeps.
-- squawk-ignore ban-drop-constraint
alter table orders.line drop constraint line_mode_check;
alter table orders.line add constraint line_mode_check check (mode in ('stock', 'manual', 'supply')) not valid;

-- Of a partitioned table it cannot be made concurrently; no line waited for a supplier before.
-- squawk-ignore require-concurrent-index-creation
create index line_to_buy on orders.line (home_id, order_id, line_no) where state = 'waiting' and mode = 'supply';

grant update (mode) on orders.line to commissary_vault;
