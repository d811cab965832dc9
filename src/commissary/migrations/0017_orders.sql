-- Lines that are bought from suppliers: found by the oldest order, and left to people when nobody can serve them.

alter table orders.line drop constraint line_mode_check;
alter table orders.line add constraint line_mode_check check (mode in ('stock', 'manual', 'supply')) not valid;
alter table orders.line validate constraint line_mode_check;
create index line_to_buy on orders.line (home_id, order_id, line_no) where state = 'waiting' and mode = 'supply';

grant update (mode) on orders.line to commissary_vault;
