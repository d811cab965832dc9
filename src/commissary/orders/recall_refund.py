"""Money back to the holders of a recalled batch: each line once, for the codes of that batch that it holds.

A line that has them all is reversed; one that has some gets that part of its price, and stays delivered. What they cost is
taken off what is owed to their supplier, if anything ever was. All of it in one transaction, and bound to a key of the line and
the batch, so that a job that is killed or repeated pays nobody twice.
"""

from collections.abc import Sequence
from datetime import datetime

from commissary import ledger
from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.orders import store_later
from commissary.orders.rules import recall_back_e4
from commissary.orders.settle import first_time, settle
from commissary.orders.types import Change, LineNow, Refund, Reverse

Q = sql.load(__package__, "recall.sql")

REASON = "recalled"


async def refund(tx: db.Tx, env: Env, home: int, batch: int, ids: Sequence[int], now: datetime) -> int:
    """How many lines of these orders got money back now. `tx` belongs to the vault role."""
    held = await store_later.lock_orders(tx, home, ids)
    wanted = {"home": home, "batch": batch, "orders": Bigints(sorted(held))}
    codes: dict[tuple[int, int], int | None] = {
        (order_id, line_no): None if shared else count
        for order_id, line_no, count, shared in await db.rows(tx, Q.codes_of_orders, wanted)
    }
    changes: list[Change] = []
    pieces = 0
    for order_id in sorted(held):
        for line in held[order_id].lines:
            place = (order_id, line.line_no)
            if place not in codes or line.state not in ("delivered", "partial"):
                continue
            count = codes[place]
            bad = line.delivered if count is None else min(count, line.delivered)
            if (change := _back(line, bad)) is None:
                continue
            key = f"{batch}:{order_id}:{line.line_no}"
            if await first_time(tx, env, home, "recall refund", key, [REASON], order_id, now) is None:
                changes.append(change)
                pieces += 1 if count is None else bad
    if not changes:
        return 0
    goods = await db.row(tx, Q.goods_of_batch, {"home": home, "batch": batch})
    assert goods is not None, "batches are never removed"
    supplier_id, currency, unit_cost_e4 = goods
    if supplier_id is not None and (cost_e4 := unit_cost_e4 * pieces):
        memo = f"recall of batch {batch}"
        await ledger.debit_payable(tx, env, home, supplier_id, currency, cost_e4, now, memo)
    await settle(tx, env, home, changes, now)
    return len(changes)


def _back(line: LineNow, bad: int) -> Change | None:
    """For so many pieces of what was delivered."""
    amount_e4 = recall_back_e4(line.amount_e4, line.quantity, line.delivered, line.returned_e4, bad)
    if bad >= line.delivered:
        return Reverse(line.order_id, line.line_no, REASON) if bad else None
    return Refund(line.order_id, line.line_no, amount_e4, REASON) if amount_e4 else None
