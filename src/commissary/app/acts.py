"""Every act that a rule may put before a second person, as its domain has it: how its subject is looked at, and the verb."""

from commissary import approvals, bulk, ledger, orders, pricing, stock

ACTS = approvals.Acts([*approvals.ACTS, *ledger.ACTS, *stock.ACTS, *orders.ACTS, *pricing.ACTS, *bulk.ACTS])
