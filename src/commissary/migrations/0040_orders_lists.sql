-- What the console's list of orders is found by. Only one of these sees every order that is placed (amount) and one every
-- line (SKU); the others hold what is rare, so that a sale from stock writes nothing into them.

-- Of partitioned tables none can be made concurrently.
-- squawk-ignore require-concurrent-index-creation
create index orders_amount on orders.orders (home_id, amount_e4, id);
-- squawk-ignore require-concurrent-index-creation
create index orders_state on orders.orders (home_id, state, id) where state <> 'delivered';
-- squawk-ignore require-concurrent-index-creation
create index orders_channel on orders.orders (home_id, channel, id) where channel <> 'api';
-- squawk-ignore require-concurrent-index-creation
create index orders_verdict on orders.orders (home_id, verdict, id) where verdict <> 'allow';
-- squawk-ignore require-concurrent-index-creation
create index line_sku on orders.line (home_id, sku_id, order_id);
-- squawk-ignore require-concurrent-index-creation
create index line_mode on orders.line (home_id, mode, order_id) where mode <> 'stock';
