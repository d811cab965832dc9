-- Which orders something was bought for from a supplier.

-- squawk-ignore require-concurrent-index-creation
create index attempt_supplier on supply.attempt (home_id, supplier_id, order_id);
