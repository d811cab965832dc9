-- Orders by the account that was topped up: its last digits, or the blind index of the whole. Lines without one are not in here.

-- Of a partitioned table none can be made concurrently.
-- squawk-ignore require-concurrent-index-creation
create index line_target_last on orders.line (home_id, target_last, order_id) where target_last is not null;
-- squawk-ignore require-concurrent-index-creation
create index line_target on orders.line (home_id, target_index, order_id) where target_index is not null;
