"""Rows ↔ types of rates and of what moved between currencies."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Texts, Timestamps
from commissary.ledger.types import Exchange, Rate, RateDraft, RateLimits, Rates, Realised

Q = sql.load(__package__, "currencies.sql")


async def owner(tx: db.Tx, mall: int) -> tuple[int, str]:
    """(who owns the mall's books, what it trades in)"""
    found = await db.row(tx, Q.owner, {"mall": mall})
    assert found is not None, "a mall without its own organisation"
    return int(found[0]), str(found[1])


async def rates(tx: db.Tx, mall: int, at: datetime) -> Rates:
    """What is in force at that instant, and later."""
    _, currency = await owner(tx, mall)
    known: dict[str, tuple[Rate, ...]] = {}
    for row in await db.rows(tx, Q.known, {"mall": mall, "at": at}):
        rate = Rate(*row)
        known[rate.currency] = (*known.get(rate.currency, ()), rate)
    return Rates(currency, await limits(tx, mall), known)


async def limits(tx: db.Tx, mall: int) -> RateLimits:
    found = await db.row(tx, Q.limits, {"mall": mall})
    return RateLimits(*found) if found else RateLimits()


async def put_limits(tx: db.Tx, mall: int, new: RateLimits, by: str, at: datetime) -> None:
    given = {"mall": mall, "stale": new.stale_after_s, "jump": new.jump_bp, "by": by, "at": at}
    await db.run(tx, Q.put_limits, given)


async def history(tx: db.Tx, mall: int, currency: str | None, before: int, size: int) -> list[Rate]:
    given = {"mall": mall, "currency": currency, "before": before, "size": size}
    return [Rate(*r) for r in await db.rows(tx, Q.history, given)]


async def add_rates(
    tx: db.Tx,
    mall: int,
    ids: Sequence[int],
    drafts: Sequence[RateDraft],
    source: str,
    by: str,
    at: datetime,
) -> list[Rate]:
    made = [
        Rate(id_, d.currency, d.rate_e8, d.valid_from or at, source, by, at)
        for id_, d in zip(ids, drafts, strict=True)
    ]
    given = {
        "mall": mall,
        "source": source,
        "by": by,
        "at": at,
        "ids": Bigints([r.id for r in made]),
        "currencies": Texts([r.currency for r in made]),
        "rates": Bigints([r.rate_e8 for r in made]),
        "valid_froms": Timestamps([r.valid_from for r in made]),
    }
    await db.run(tx, Q.add_rates, given)
    return made


# What moved --------------------------------------------------------------------------------------------------------


class Written(msgspec.Struct, frozen=True):
    """An exchange as it was posted; `home_e4` signed, as the position gained it."""

    of: Exchange
    home_e4: int
    result_e4: int
    home_transfer_id: int | None
    result_transfer_id: int | None


async def fx_accounts(tx: db.Tx, home: int, owner_id: int) -> dict[tuple[str, str, str], int]:
    """(kind, sub, currency) → account."""
    found = await db.rows(tx, Q.fx_accounts, {"home": home, "owner": owner_id})
    return {(kind, sub, currency): id_ for kind, sub, currency, id_ in found}


async def add_exchanges(tx: db.Tx, home: int, made: Sequence[Written], at: datetime) -> None:
    given = {
        "home": home,
        "at": at,
        "ids": Bigints([w.of.id for w in made]),
        "currencies": Texts([w.of.currency for w in made]),
        "foreigns": Bigints([w.of.foreign_e4 for w in made]),
        "homes": Bigints([w.home_e4 for w in made]),
        "results": Bigints([w.result_e4 for w in made]),
        "rate_ids": Bigints([w.of.rate_id for w in made]),
        "rates": Bigints([w.of.rate_e8 for w in made]),
        "home_transfers": Bigints([w.home_transfer_id for w in made]),
        "result_transfers": Bigints([w.result_transfer_id for w in made]),
    }
    await db.run(tx, Q.add_exchanges, given)


async def positions(tx: db.Tx, home: int, at: datetime) -> list[tuple[str, int, int]]:
    """(currency, what stands open in it, what it is in the books at: signed as the accounts are)"""
    found = await db.rows(tx, Q.positions, {"home": home, "at": at})
    return [(currency, foreign, book) for currency, foreign, book in found]


async def realised(tx: db.Tx, home: int, from_at: datetime, to_at: datetime) -> list[Realised]:
    found = await db.rows(tx, Q.realised, {"home": home, "from": from_at, "to": to_at})
    return [Realised(*r) for r in found]
