"""Money to a supplier and back from him: cash ↔ our account with him, once per reference."""

import msgspec

from commissary import ledger, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.ledger.types import Transfer, TransferKind
from commissary.settlement import store
from commissary.settlement.types import Account, Payment, SettlementRefusal
from commissary.tenancy.types import Actor


async def pay(
    env: Env, actor: Actor, connection_id: int, amount_e4: int, reference: str, memo: str = ""
) -> Payment:
    """Paid in advance, or what was owed; less than zero: paid back to us. Needs `settlement.payout`.

    The same reference with the same amount is the same payment. Refuses connection_unknown, payment_differs.
    """
    tenancy.require(actor, "settlement.payout")
    reference = reference.strip()
    if not 0 < abs(amount_e4) <= money.MAX_E4:
        raise invalid("amount", "must not be zero / 不得为零")
    if not reference or len(reference) > 120:
        raise invalid("reference", "1 to 120 characters / 1–120 个字符")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        at, id_ = env.now(mall), env.ids.new()
        account, _ = await store.account(tx, home, connection_id)
        given = {"home": home, "id": id_, "connection": connection_id, "amount": amount_e4, "at": at}
        given |= {"reference": reference, "memo": memo[:500]}
        if not await db.run(tx, store.Q.add_payment, given):
            [first] = await store.payments(tx, home, connection_id, reference=reference)
            if first.amount_e4 != amount_e4:
                raise Refused(SettlementRefusal.payment_differs, reference=reference)
            return msgspec.structs.replace(first, repeated=True)
        owner = await store.mall_organisation(tx, home)
        cash = await ledger.open_account(tx, env, home, owner, "cash", account.currency)
        kind = TransferKind.recharge if amount_e4 > 0 else TransferKind.withdrawal
        dr, cr = (cash, account.account_id) if amount_e4 > 0 else (account.account_id, cash)
        await ledger.post(
            tx, env, home, [Transfer(id_, dr, cr, abs(amount_e4), kind)], at, reference, even_locked=True
        )
        now, _ = await store.account(tx, home, connection_id)  # held by the transfer
        told = {"amount_e4": amount_e4, "reference": reference, "memo": memo[:500]}
        told |= {"balance_e4": now.balance_e4}
        was = {"balance_e4": now.balance_e4 - amount_e4}
        await tenancy.audit(tx, env, actor, "settlement.pay", f"connection:{connection_id}", was, told)
        [made] = await store.payments(tx, home, connection_id, reference=reference)
        return made


async def account_of(env: Env, actor: Actor, connection_id: int) -> Account:
    """What is ours at the supplier, or owed to him. Refuses connection_unknown."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return (await store.account(tx, home_of(actor.mall_id), connection_id))[0]


async def list_payments(
    env: Env, actor: Actor, connection_id: int, *, before: int = store.LAST, size: int = 50
) -> list[Payment]:
    """Newest first."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.payments(tx, home_of(actor.mall_id), connection_id, before=before, size=size)
