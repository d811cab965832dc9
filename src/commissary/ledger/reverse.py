"""Turning a transfer back, in part or whole."""

from datetime import datetime

from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.ledger import accounts, store
from commissary.ledger.post import post_locked
from commissary.ledger.types import LedgerRefusal, Transfer, TransferKind


async def reverse(
    tx: db.Tx,
    env: Env,
    home: int,
    transfer_id: int,
    at: datetime,
    amount_e4: int | None = None,
    memo: str | None = None,
) -> list[Transfer]:
    """What had been given goes back, also when the account is locked; parts together never exceed the transfer.

    What a wallet's free money and credit do not cover is charged to its owner's `debt` account, so the floor holds and
    the giver is made whole at once; the owner's next recharge pays the debt first. Refuses already_reversed.
    """
    original = await store.transfer(tx, home, transfer_id)
    getter = await store.account(tx, home, original.cr_id)
    ids = [original.dr_id, original.cr_id]
    debt: int | None = None
    if getter.kind == "wallet":
        debt = await accounts.open_account(tx, env, home, getter.owner_id, "debt", getter.currency)
        ids.append(debt)
    locked = await store.lock_accounts(tx, home, ids)
    left_e4 = original.amount_e4 - await store.reversed_e4(tx, home, transfer_id)
    wanted_e4 = left_e4 if amount_e4 is None else amount_e4
    if not 0 < wanted_e4 <= left_e4:
        raise Refused(LedgerRefusal.already_reversed, left_e4=left_e4)

    available_e4 = locked[original.cr_id].available_e4
    own_e4 = wanted_e4 if available_e4 is None else min(wanted_e4, max(0, available_e4))
    transfers = [
        Transfer(env.ids.new(), giver, original.dr_id, part_e4, TransferKind.reversal, original.order_id)
        for giver, part_e4 in [(original.cr_id, own_e4), (debt, wanted_e4 - own_e4)]
        if part_e4 and giver is not None
    ]
    await post_locked(tx, home, locked, transfers, at, memo, even_locked=True)
    await store.add_reversal(tx, home, transfer_id, env.ids.new(), wanted_e4, at)
    return transfers
