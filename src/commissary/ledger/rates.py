"""Rates as dated data: set by people, one or a file of them, never changed afterwards.

Publishes `rate.set`, and raises the mall's epoch: every process buys by the new rate from the next second on.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commissary import tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.ledger import rules
from commissary.ledger import store_currencies as rows
from commissary.ledger.types import LedgerRefusal, Rate, RateDraft, RateLimits, Rates
from commissary.tenancy.types import Actor

MOST_RATES = 1_000
MOST_E8 = 10**13
LAST = 2**63 - 1


async def set_rates(
    env: Env, actor: Actor, drafts: Sequence[RateDraft], source: str, *, confirm: bool = False
) -> list[Rate]:
    """All of them or none. Needs `pricing.write`.

    Refuses rate_unneeded, rate_in_the_past, and rate_jumped unless confirmed: against the rate that is in force before
    it, the others of the same request included.
    """
    tenancy.require(actor, "pricing.write")
    source = source.strip()
    _check(drafts, source)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        at = env.now(mall)
        await tenancy.raise_epoch(
            tx, mall
        )  # first: whoever else sets rates waits here, and compares with these
        known = await rows.rates(tx, mall, at)
        before = {d.currency: known.at(d.currency, at) for d in drafts}
        _judge(known, drafts, at, confirm)
        by = f"{actor.kind}:{actor.id}"
        made = await rows.add_rates(tx, mall, env.ids.many(len(drafts)), drafts, source, by, at)
        for rate in made:
            await tenancy.audit(
                tx,
                env,
                actor,
                "ledger.set_rate",
                f"rate:{rate.currency}",
                _shown(before[rate.currency]),
                _shown(rate),
            )
        await outbox.publish(tx, home_of(mall), [_told(r, at) for r in made], at)
        return made


async def set_limits(env: Env, actor: Actor, new: RateLimits) -> RateLimits:
    """When a rate is stale, and which move wants to be confirmed. Needs `pricing.write`."""
    tenancy.require(actor, "pricing.write")
    if not 60 <= new.stale_after_s <= 365 * 86_400:
        raise invalid("stale_after_s", "a minute to a year / 1 分钟至 1 年")
    if not 1 <= new.jump_bp <= 100_000:
        raise invalid("jump_bp", "1 to 100,000 basis points")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        at = env.now(mall)
        await tenancy.raise_epoch(tx, mall)
        old = await rows.limits(tx, mall)
        await rows.put_limits(tx, mall, new, f"{actor.kind}:{actor.id}", at)
        told = [{"stale_after_s": one.stale_after_s, "jump_bp": one.jump_bp} for one in (old, new)]
        await tenancy.audit(tx, env, actor, "ledger.set_rate_limits", f"mall:{mall}", *told)
        event = outbox.Event("rate.set", mall, outbox.moment(at), 0, at, {"currency": ""})
        await outbox.publish(tx, home_of(mall), [event], at)
    return new


async def rates_of(tx: db.Tx, mall: int, at: datetime) -> Rates:
    """What is in force at that instant, and what will be."""
    return await rows.rates(tx, mall, at)


async def list_rates(
    env: Env, actor: Actor, *, currency: str | None = None, before: int = LAST, size: int = 50
) -> tuple[list[Rate], str]:
    """(every rate that was ever set, the newest first; the mall's currency)"""
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        _, own = await rows.owner(tx, actor.mall_id)
        return await rows.history(tx, actor.mall_id, currency, before, size), own


async def current_rates(env: Env, actor: Actor) -> tuple[Rates, datetime]:
    """(in force now, or later; now)"""
    tenancy.require(actor, "pricing.read")
    at = env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        return await rows.rates(tx, actor.mall_id, at), at


def _check(drafts: Sequence[RateDraft], source: str) -> None:
    if not 1 <= len(drafts) <= MOST_RATES:
        raise invalid("rates", f"1 to {MOST_RATES:,} rates / 1–{MOST_RATES} 条汇率")
    if not 1 <= len(source) <= 200:
        raise invalid("source", "1 to 200 characters / 1–200 个字符")
    for n, draft in enumerate(drafts):
        if not 1 <= draft.rate_e8 <= MOST_E8:
            raise invalid(f"rates[{n}].rate", "above zero, at most 100,000 / 须大于零且不超过 100000")


def _judge(known: Rates, drafts: Sequence[RateDraft], at: datetime, confirm: bool) -> None:
    """Refuses in order: all that is unneeded, then what is past, then what jumps."""
    if any(d.currency == known.currency for d in drafts):
        raise Refused(LedgerRefusal.rate_unneeded, currency=known.currency)
    for draft in drafts:
        now = known.at(draft.currency, at)
        if now is not None and draft.valid_from is not None and draft.valid_from < now.valid_from:
            raise Refused(
                LedgerRefusal.rate_in_the_past,
                currency=draft.currency,
                in_force_since=now.valid_from.isoformat(),
            )
    if confirm:
        return
    lasts: dict[str, list[tuple[datetime, int]]] = {}
    for currency, some in known.known.items():
        lasts[currency] = [(r.valid_from, r.rate_e8) for r in reversed(some)]
    for draft in drafts:
        since = draft.valid_from or at
        before = [rate for valid_from, rate in lasts.get(draft.currency, ()) if valid_from <= since]
        if before and (far_bp := rules.moved_bp(before[-1], draft.rate_e8)) > known.limits.jump_bp:
            raise Refused(
                LedgerRefusal.rate_jumped,
                currency=draft.currency,
                last_e8=before[-1],
                rate_e8=draft.rate_e8,
                moved_bp=far_bp,
                limit_bp=known.limits.jump_bp,
            )
        mine = lasts.setdefault(draft.currency, [])
        mine.append((since, draft.rate_e8))
        mine.sort(key=lambda pair: pair[0])


def _told(rate: Rate, at: datetime) -> outbox.Event:
    data = {"currency": rate.currency, "rate_e8": rate.rate_e8, "valid_from": rate.valid_from.isoformat()}
    return outbox.Event("rate.set", rate.id, outbox.moment(at), 0, at, data)


def _shown(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {"rate_e8": rate.rate_e8, "valid_from": rate.valid_from.isoformat(), "source": rate.source}
