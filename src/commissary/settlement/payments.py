"""Money to a supplier and back from him: cash ↔ our account with him, once per reference."""

import msgspec

from commissary import tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.ledger.types import Rate, TransferKind
from commissary.settlement import abroad, store
from commissary.settlement.types import Account, Payment, SettlementRefusal
from commissary.tenancy.types import Actor


async def pay(
    env: Env,
    actor: Actor,
    connection_id: int,
    amount_e4: int,
    reference: str,
    memo: str = "",
    *,
    spent_e4: int | None = None,
) -> Payment:
    """Paid in advance, or what was owed; less than zero: paid back to us. Needs `settlement.payout`. `spent_e4`: what it
    took from the bank (or brought: less than zero) in the mall's currency, where the account is in another; without it,
    by the rate in force.

    The same reference with the same amount is the same payment. Refuses step_up_required, connection_unknown, payment_differs, rate_missing.
    """
    tenancy.require(actor, "settlement.payout")
    tenancy.require_proof(env, actor)
    reference = reference.strip()
    if not 0 < abs(amount_e4) <= money.MAX_E4:
        raise invalid("amount", "must not be zero / 不得为零")
    if not reference or len(reference) > 120:
        raise invalid("reference", "1 to 120 characters / 1–120 个字符")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        at, id_ = env.now(mall), env.ids.new()
        account, _ = await store.account(tx, home, connection_id)
        own = await abroad.own_currency(tx, env, home)
        _check_spent(amount_e4, spent_e4, account.currency == own, own)
        known = await store.payments(tx, home, connection_id, reference=reference)
        spent: tuple[int, Rate | None] | None = None
        if account.currency != own and not known:
            spent = (spent_e4, None) if spent_e4 is not None else None
            spent = spent or await abroad.worth(tx, home, account.currency, amount_e4, at, fresh=True)
        given = {"home": home, "id": id_, "connection": connection_id, "amount": amount_e4, "at": at}
        given |= {"reference": reference, "memo": memo[:500]}
        given["spent"] = None if spent is None else abs(spent[0]) * (1 if amount_e4 > 0 else -1)
        if known or not await db.run(tx, store.Q.add_payment, given):
            [first] = await store.payments(tx, home, connection_id, reference=reference)
            if first.amount_e4 != amount_e4 or spent_e4 not in (None, first.spent_e4):
                raise Refused(SettlementRefusal.payment_differs, reference=reference)
            return msgspec.structs.replace(first, repeated=True)
        await abroad.move(
            tx,
            env,
            home,
            id_=id_,
            account_id=account.account_id,
            currency=account.currency,
            against=("cash", ""),
            amount_e4=-amount_e4,
            kind=TransferKind.recharge if amount_e4 > 0 else TransferKind.withdrawal,
            at=at,
            memo=reference,
            as_=spent,
        )
        now, _ = await store.account(tx, home, connection_id)  # held by the transfer
        told = {"amount_e4": amount_e4, "reference": reference, "memo": memo[:500]}
        told |= {"spent_e4": given["spent"], "balance_e4": now.balance_e4}
        was = {"balance_e4": now.balance_e4 - amount_e4}
        await tenancy.audit(tx, env, actor, "settlement.pay", f"connection:{connection_id}", was, told)
        [made] = await store.payments(tx, home, connection_id, reference=reference)
        return made


def _check_spent(amount_e4: int, spent_e4: int | None, at_home: bool, own: str) -> None:
    if spent_e4 is None:
        return
    if at_home:
        raise invalid("spent", f"the account is in {own} itself / 该账户本身即为 {own}")
    if not 0 < abs(spent_e4) <= money.MAX_E4 or (spent_e4 > 0) != (amount_e4 > 0):
        raise invalid("spent", "of the sign of the amount, and not zero / 须与金额同号且不为零")


async def account_of(env: Env, actor: Actor, connection_id: int) -> Account:
    """What is ours at the supplier, or owed to him. Refuses connection_unknown."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return (await store.account(tx, home_of(actor.mall_id), connection_id))[0]


async def own_currency_of(env: Env, actor: Actor) -> str:
    """In which the mall keeps its books."""
    async with env.db.transaction(actor.mall_id) as tx:
        return await abroad.own_currency(tx, env, home_of(actor.mall_id))


async def list_payments(
    env: Env, actor: Actor, connection_id: int, *, before: int = store.LAST, size: int = 50
) -> list[Payment]:
    """Newest first."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.payments(tx, home_of(actor.mall_id), connection_id, before=before, size=size)
