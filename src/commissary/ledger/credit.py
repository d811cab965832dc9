"""Credit: how far a wallet may fall, and the locks that keep a debtor from buying on.

Limit and floor are two things. The limit is what was agreed; the floor is how far the balance may fall now:
`min(-limit, balance - held)`. So a limit can be lowered under what is used: the floor stays where the balance is, the
account is locked, and the floor follows the balance up while it is paid down.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid, unchanged
from commissary.base.home import home
from commissary.ledger import store
from commissary.ledger.types import Account, CreditLine, LedgerRefusal
from commissary.tenancy.types import Actor


async def set_credit(
    env: Env,
    actor: Actor,
    account_id: int,
    limit_e4: int,
    terms_days: int,
    grace_days: int = 0,
    version: int | None = None,
) -> Account:
    """Needs `ledger.credit`. Raising is free at once; lowering under what is used locks (`over_limit`) until paid. Refuses
    `conflict` when `version` is given and not the present one; 0 is that of an account without a line."""
    tenancy.require(actor, "ledger.credit")
    if limit_e4 < 0:
        raise invalid("limit", "must not be negative")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        at, here = env.now(mall), home(mall)
        old = (await store.lock_accounts(tx, here, [account_id]))[account_id]
        if old.kind != "wallet":
            raise Refused(LedgerRefusal.not_a_wallet)
        before = await store.credit_line(tx, here, account_id)
        unchanged(version, before.version if before else 0)
        line = CreditLine(account_id, limit_e4, terms_days, grace_days)
        await store.set_credit_line(tx, here, line, at)
        events = await reconsider(tx, env, here, msgspec.structs.replace(old, limit_e4=limit_e4), at, was=old)
        after = await store.account(tx, here, account_id)
        await tenancy.audit(
            tx,
            env,
            actor,
            "ledger.set_credit",
            f"account:{account_id}",
            line_shown(before) if before else None,
            line_shown(line),
        )
        await outbox.publish(tx, here, events, at)
        return after


def line_shown(line: CreditLine) -> dict[str, Any]:
    """As the audit log tells it."""
    shown: dict[str, Any] = msgspec.to_builtins(line)
    del shown["version"]
    return shown


async def lock(env: Env, actor: Actor, account_id: int, reason: str) -> Account:
    """By hand, until `unlock`. The account still receives, and what was promised before is still paid."""
    tenancy.require(actor, "ledger.write")
    return await _by_hand(env, actor, account_id, lock=True, reason=reason)


async def unlock(env: Env, actor: Actor, account_id: int) -> Account:
    """Takes the lock by hand away. Refuses `still_owing` while money is the reason: take the payment, or change the
    limit or the days of grace."""
    tenancy.require(actor, "ledger.write")
    return await _by_hand(env, actor, account_id, lock=False, reason="")


async def lock_overdue(env: Env, mall: int, now: datetime) -> tuple[int, int]:
    """The job: lock whoever is past the due date and grace, unlock whoever has paid by whatever way. Returns how many
    it (locked, unlocked). One transaction per account, so it may be killed anywhere and run beside itself."""
    here = home(mall)
    async with env.db.transaction(mall) as tx:
        ids = await store.accounts_to_review(tx, here, now)
    locked = unlocked = 0
    for account_id in ids:
        async with env.db.transaction(mall) as tx:
            account = (await store.lock_accounts(tx, here, [account_id]))[account_id]
            events = await reconsider(tx, env, here, account, now)
            locked += sum(e.kind == "account.locked" for e in events)
            unlocked += sum(e.kind == "account.unlocked" for e in events)
            await outbox.publish(tx, here, events, now)
    return locked, unlocked


async def reconsider(
    tx: db.Tx,
    env: Env,
    home: int,
    account: Account,
    now: datetime,
    *,
    was: Account | None = None,
    manual: bool | None = None,
) -> list[outbox.Event]:
    """Mark statements paid, set floor and lock anew, for an account locked by the caller; the events to publish.

    `account` is as it stands now (after the caller's posting); `was`, if the caller changes the limit.
    """
    if account.kind != "wallet" or account.state == "closed":
        return []
    was = was or account
    await store.mark_paid(tx, home, account.id, now)
    reasons = set(was.lock_reason.split()) & {"manual"}
    if manual is not None:
        reasons = {"manual"} if manual else set()
    free_e4 = account.balance_e4 - account.held_e4
    if free_e4 < -account.limit_e4:
        reasons.add("over_limit")
    if await store.is_overdue(tx, home, account.id, now):
        reasons.add("overdue")
    new = msgspec.structs.replace(
        account,
        floor_e4=min(-account.limit_e4, free_e4),
        state="locked" if reasons else "open",
        lock_reason=_words(reasons),
    )
    if (new.floor_e4, new.limit_e4, new.state, new.lock_reason) != (
        was.floor_e4,
        was.limit_e4,
        was.state,
        was.lock_reason,
    ):
        await store.set_account(tx, home, new, now)
    if new.lock_reason == was.lock_reason:
        return []
    kind = "account.locked" if reasons else "account.unlocked"
    data = {"reason": new.lock_reason, "before": was.lock_reason}
    return [outbox.Event(kind, account.id, outbox.moment(now), account.owner_id, now, data)]


async def _by_hand(env: Env, actor: Actor, account_id: int, *, lock: bool, reason: str) -> Account:
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        at, here = env.now(mall), home(mall)
        old = (await store.lock_accounts(tx, here, [account_id]))[account_id]
        if old.kind != "wallet":
            raise Refused(LedgerRefusal.not_a_wallet)
        if old.state == "closed":
            raise Refused(LedgerRefusal.account_closed)
        events = await reconsider(tx, env, here, old, at, manual=lock)
        new = await store.account(tx, here, account_id)
        if not lock and new.state == "locked":
            raise Refused(LedgerRefusal.still_owing, reason=new.lock_reason)
        await tenancy.audit(
            tx,
            env,
            actor,
            "ledger.lock" if lock else "ledger.unlock",
            f"account:{account_id}",
            {"reason": old.lock_reason},
            {"reason": new.lock_reason, "why": reason},
        )
        await outbox.publish(tx, here, events, at)
        return new


def _words(reasons: Iterable[str]) -> str:
    return " ".join(sorted(reasons))
