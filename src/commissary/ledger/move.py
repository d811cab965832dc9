"""Money from and to the outside, corrections, and what a company moves between its own wallets.

Each act has a reference. The same reference with the same amount and account is the same act: it is done once and
answered again; with others it is refused.
"""

from datetime import datetime

from commissary import tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home
from commissary.ledger import credit, store
from commissary.ledger.post import post_locked
from commissary.ledger.types import Account, LedgerRefusal, Moved, Transfer, TransferKind
from commissary.tenancy.types import Actor


async def receive(
    tx: db.Tx,
    env: Env,
    home: int,
    account_id: int,
    amount_e4: int,
    reference: str,
    at: datetime,
    memo: str | None = None,
) -> Moved:
    """Money that has arrived: cash → wallet, once per reference. A debt of the owner is paid from it first; statements
    that it covers are marked paid, and a lock that this was the reason of is lifted. Publishes `balance.recharged`.
    """
    found = await _wallet(tx, home, account_id)
    debt = await store.find_account(tx, home, found.owner_id, "debt", found.currency)
    cash = await store.system_account(tx, home, "cash", found.currency)
    accounts = await store.lock_accounts(tx, home, [account_id, cash] + ([debt] if debt else []))
    coming = Transfer(env.ids.new(), cash, account_id, positive(amount_e4), TransferKind.recharge)
    first = await store.name_once(tx, home, coming, account_id, reference, None, at)
    if first is not None:
        return first
    transfers = [coming]
    if debt and (owed_e4 := -accounts[debt].balance_e4) > 0:
        paid_e4 = min(owed_e4, amount_e4)
        transfers.append(Transfer(env.ids.new(), account_id, debt, paid_e4, TransferKind.debt))
    after = await post_locked(tx, home, accounts, transfers, at, memo)
    events = await credit.reconsider(tx, env, home, after[account_id], at)
    data = {"amount_e4": amount_e4, "currency": found.currency, "reference": reference}
    n = outbox.moment(at)
    events.insert(0, outbox.Event("balance.recharged", account_id, n, found.owner_id, at, data))
    await outbox.publish(tx, home, events, at)
    return Moved(coming.id, account_id, amount_e4)


async def recharge(
    env: Env, actor: Actor, account_id: int, amount_e4: int, reference: str, memo: str | None = None
) -> Moved:
    """`receive`, confirmed by a person. Refuses no_such_account, not_a_wallet, reference_used, account_closed."""
    tenancy.require(actor, "ledger.write")
    async with env.db.transaction(actor.mall_id) as tx:
        at = env.now(actor.mall_id)
        moved = await receive(tx, env, home(actor.mall_id), account_id, amount_e4, reference, at, memo)
        await _audit(tx, env, actor, "ledger.recharge", moved, reference, memo)
        return moved


async def withdraw(
    env: Env,
    actor: Actor,
    account_id: int,
    amount_e4: int,
    recharge_reference: str,
    reference: str,
    memo: str | None = None,
) -> Moved:
    """Give a payer his money back: wallet → cash, by the way the named recharge came, and no more than it brought.

    Only money, never credit. Refuses step_up_required, not_the_payer, insufficient_balance, account_locked,
    reference_used.
    """
    tenancy.require(actor, "ledger.write")
    tenancy.require_proof(env, actor)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        at, here = env.now(mall), home(mall)
        found = await _wallet(tx, here, account_id)
        cash = await store.system_account(tx, here, "cash", found.currency)
        accounts = await store.lock_accounts(tx, here, [account_id, cash])
        wallet = accounts[account_id]
        going = Transfer(env.ids.new(), account_id, cash, positive(amount_e4), TransferKind.withdrawal)
        first = await store.name_once(tx, here, going, account_id, reference, recharge_reference, at)
        if first is not None:
            return first
        brought = await store.reference(tx, here, TransferKind.recharge, recharge_reference)
        if brought is None or brought.account_id != account_id:
            raise Refused(LedgerRefusal.not_the_payer)
        if await store.returned(tx, here, brought, recharge_reference) > brought.amount_e4:
            raise Refused(LedgerRefusal.not_the_payer, paid_e4=brought.amount_e4)
        if wallet.state == "open" and wallet.balance_e4 - wallet.held_e4 < amount_e4:
            raise Refused(LedgerRefusal.insufficient_balance, available_e4=wallet.balance_e4 - wallet.held_e4)
        await post_locked(tx, here, accounts, [going], at, memo)
        moved = Moved(going.id, account_id, amount_e4)
        await _audit(tx, env, actor, "ledger.withdraw", moved, reference, memo)
        return moved


async def adjust(
    env: Env, actor: Actor, account_id: int, amount_e4: int, reason: str, reference: str
) -> Moved:
    """Correct a balance by hand: positive adds to the account, negative takes from it, also when it is locked.

    Needs `ledger.adjust` and a reason. Refuses step_up_required, reference_used, insufficient_balance, account_closed.
    """
    tenancy.require(actor, "ledger.adjust")
    tenancy.require_proof(env, actor)
    if not reason.strip():
        raise invalid("reason", "say why")
    if amount_e4 == 0:
        raise invalid("amount", "zero corrects nothing")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        at, here = env.now(mall), home(mall)
        found = await store.account(tx, here, account_id)
        other = await store.system_account(tx, here, "adjustment", found.currency)
        accounts = await store.lock_accounts(tx, here, [account_id, other])
        dr, cr = (other, account_id) if amount_e4 > 0 else (account_id, other)
        correction = Transfer(env.ids.new(), dr, cr, abs(amount_e4), TransferKind.adjustment)
        first = await store.name_once(
            tx, here, correction, account_id, reference, None, at, signed_e4=amount_e4
        )
        if first is not None:
            return first
        after = await post_locked(tx, here, accounts, [correction], at, reason, even_locked=True)
        events = await credit.reconsider(tx, env, here, after[account_id], at)
        moved = Moved(correction.id, account_id, amount_e4)
        await _audit(tx, env, actor, "ledger.adjust", moved, reference, reason)
        await outbox.publish(tx, here, events, at)
        return moved


async def allot(
    env: Env, actor: Actor, from_id: int, to_id: int, amount_e4: int, memo: str | None = None
) -> Transfer:
    """Between a company's wallet and its departments' (and back): one transfer, two sides. Money only, never credit.

    Refuses wallet_to_wallet when the wallets are not of one owner.
    """
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        giver = await store.account(tx, home(mall), from_id)
        tenancy.require_for(actor, "ledger.write", giver.owner_id)
        moved = await allot_within(tx, env, mall, from_id, to_id, positive(amount_e4), memo)
        await tenancy.audit(
            tx, env, actor, "ledger.allot", f"account:{from_id}", None, {"to": str(to_id), "e4": amount_e4}
        )
        return moved


async def allot_within(
    tx: db.Tx,
    env: Env,
    mall: int,
    from_id: int,
    to_id: int,
    amount_e4: int,
    memo: str | None = None,
    *,
    even_locked: bool = False,
    id_: int | None = None,
) -> Transfer:
    """The transfer of `allot`, in the caller's transaction, who has asked for the right and writes the audit line."""
    at, here = env.now(mall), home(mall)
    accounts = await store.lock_accounts(tx, here, [from_id, to_id])
    giver, getter = accounts[from_id], accounts[to_id]
    if giver.kind != "wallet" or getter.kind != "wallet":
        raise Refused(LedgerRefusal.not_a_wallet)
    if giver.owner_id != getter.owner_id or from_id == to_id:
        raise Refused(LedgerRefusal.wallet_to_wallet)
    free_e4 = giver.balance_e4 - giver.held_e4
    if (giver.state == "open" or even_locked) and free_e4 < amount_e4:
        raise Refused(LedgerRefusal.insufficient_balance, available_e4=free_e4)
    moved = Transfer(id_ or env.ids.new(), from_id, to_id, amount_e4, TransferKind.allotment)
    after = await post_locked(tx, here, accounts, [moved], at, memo, even_locked=even_locked)
    await outbox.publish(tx, here, await credit.reconsider(tx, env, here, after[to_id], at), at)
    return moved


async def _wallet(tx: db.Tx, home: int, account_id: int) -> Account:
    found = await store.account(tx, home, account_id)
    if found.kind != "wallet":
        raise Refused(LedgerRefusal.not_a_wallet)
    return found


def positive(amount_e4: int) -> int:
    if amount_e4 <= 0:
        raise invalid("amount", "must be more than zero")
    return amount_e4


async def _audit(
    tx: db.Tx, env: Env, actor: Actor, action: str, moved: Moved, reference: str, memo: str | None
) -> None:
    after = {"amount_e4": moved.amount_e4, "reference": reference, "memo": memo, "repeated": moved.repeated}
    await tenancy.audit(tx, env, actor, action, f"account:{moved.account_id}", None, after)
