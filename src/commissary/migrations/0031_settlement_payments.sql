-- What a payment in another currency took from the bank, in the mall's own.

alter table settlement.payment add column spent_e4 bigint;   -- of the sign of `amount_e4`; null: in the mall's currency
