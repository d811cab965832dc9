"""What is owed to a supplier, less what goods of his turned out not to be worth."""

from datetime import datetime

from commissary.base import db
from commissary.base.env import Env
from commissary.ledger import store
from commissary.ledger.post import post
from commissary.ledger.types import Transfer, TransferKind


async def debit_payable(
    tx: db.Tx,
    env: Env,
    home: int,
    supplier_id: int,
    currency: str,
    amount_e4: int,
    at: datetime,
    memo: str,
) -> int:
    """From his payable account to the mall's adjustments; below zero he owes us. 0: nothing was ever owed to him in this
    currency, so there is nothing to take it from."""
    payable = await store.find_account(tx, home, supplier_id, "payable", currency)
    if payable is None:
        return 0
    other = await store.system_account(tx, home, "adjustment", currency)
    moved = Transfer(env.ids.new(), payable, other, amount_e4, TransferKind.adjustment)
    await post(tx, env, home, [moved], at, memo, even_locked=True)
    return amount_e4
