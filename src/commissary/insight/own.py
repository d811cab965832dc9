"""A buyer's trade as he sees it: what he may buy and how it fares, what he sold, what waits for him. Reads only."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from commissary import ledger, pricing, stock, supply
from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.base.ids import SLACK, id_at
from commissary.ledger.types import Account
from commissary.pricing.types import Offer
from commissary.tenancy.types import Caller

Q = sql.load(__package__, "own.sql")

FARED_OVER = timedelta(days=30)
FARED_MOST = 200  # the newest lines of a SKU
MOST_DAYS = 92
SCANNED = 2_000  # goods that one page of a search looks at


class Fared(msgspec.Struct, frozen=True):
    """Of a SKU's newest lines that ended: how many were delivered."""

    delivered: int
    ended: int


class Sold(msgspec.Struct, frozen=True):
    """One SKU on one day of the mall. `margin_e4`: delivered goods sold at their face value, less what they cost;
    `faced_e4`: the cost of the goods that have one."""

    day: date
    sku_id: int
    code: str | None
    name_zh: str | None
    name_en: str | None
    orders: int
    pieces: int
    delivered: int
    amount_e4: int
    returned_e4: int
    margin_e4: int
    faced_e4: int


class Standing(msgspec.Struct, frozen=True):
    """What a buyer's person looks at first. `dead_messages`, `failed_orders`: since the mall's midnight."""

    account: Account
    low_balance_e4: int | None
    today: list[Sold]
    waiting: dict[str, int]
    failed_orders: int
    to_fix: int
    failing_endpoints: int
    dead_messages: int


async def goods(
    env: Env, caller: Caller, *, q: str, brand_id: int | None, after: int, size: int
) -> tuple[list[tuple[Offer, Fared, bool]], int | None]:
    """What this buyer may buy at his own prices, by SKU, how it fares, and whether it carries the badge 正品; and behind which SKU the next page begins, None on the last."""
    key, wanted = caller.key, q.strip().casefold()
    at_once = SCANNED if wanted or brand_id is not None else size + 1
    found: list[Offer] = []
    last: int | None = after
    async with env.db.transaction(key.mall_id) as tx:
        while last is not None and len(found) <= size:
            some = await pricing.offers(tx, env, key.home_id, key.organisation_id, after=last, size=SCANNED)
            last = some[-1].good.sku_id if len(some) == at_once else None
            found += [o for o in some if _matches(o, wanted, brand_id)]
        following = found[size - 1].good.sku_id if len(found) > size else None
        shown = found[:size]
        skus = [o.good.sku_id for o in shown]
        fared = await _fared(tx, env, caller, skus)
        sources = (stock.LOTS, supply.OFFERS)
        proven = await stock.genuine_of(tx, key.mall_id, skus, env.now(key.mall_id), sources)
    told = [(o, fared.get(o.good.sku_id, Fared(0, 0)), o.good.sku_id in proven) for o in shown]
    return told, following


async def sales(env: Env, caller: Caller, first: date, last: date) -> tuple[list[Sold], str]:
    """What was ordered from the first to the last day of the mall, both within; and the currency."""
    if last < first or (last - first).days >= MOST_DAYS:
        raise invalid("to", f"1 to {MOST_DAYS} days / 最多 {MOST_DAYS} 天")
    async with env.db.transaction(caller.key.mall_id) as tx:
        currency, zone, shadow, _ = await _about(tx, caller)
        return await _sales(tx, caller, first, last, zone, shadow=shadow), currency


async def today(env: Env, caller: Caller) -> date:
    """The mall's."""
    async with env.db.transaction(caller.key.mall_id) as tx:
        _, zone, _, _ = await _about(tx, caller)
    return env.now(caller.key.mall_id).astimezone(ZoneInfo(zone)).date()


async def standing(env: Env, caller: Caller) -> Standing:
    key = caller.key
    async with env.db.transaction(key.mall_id) as tx:
        _, zone, shadow, low = await _about(tx, caller)
        day = env.now(key.mall_id).astimezone(ZoneInfo(zone)).date()
        since = _midnight(day, zone)
        facts = _facts(caller, since, shadow=shadow)
        waiting: dict[str, int] = dict(await db.rows(tx, Q.waiting, facts))
        [[failed]] = await db.rows(tx, Q.failed, facts)
        [[to_fix]] = await db.rows(tx, Q.to_fix, facts)
        [[failing, dead]] = await db.rows(tx, Q.endpoints, facts)
        return Standing(
            account=await ledger.balance(tx, key.home_id, key.account_id),
            low_balance_e4=low,
            today=await _sales(tx, caller, day, day, zone, shadow=shadow),
            waiting=waiting,
            failed_orders=failed,
            to_fix=to_fix,
            failing_endpoints=failing,
            dead_messages=dead,
        )


def _matches(offer: Offer, wanted: str, brand_id: int | None) -> bool:
    good = offer.good
    if brand_id is not None and good.brand_id != brand_id:
        return False
    words = (good.code, good.name_zh, good.name_en, good.brand_zh, good.brand_en)
    return not wanted or any(wanted in word.casefold() for word in words)


async def _fared(tx: db.Tx, env: Env, caller: Caller, skus: Sequence[int]) -> dict[int, Fared]:
    since = env.clock() - FARED_OVER
    facts = {
        "home": caller.key.home_id,
        "skus": Bigints(list(skus)),
        "since": id_at(since),
        "most": FARED_MOST,
    }
    return {sku: Fared(good, ended) for sku, good, ended in await db.rows(tx, Q.fared, facts)}


async def _sales(
    tx: db.Tx, caller: Caller, first: date, last: date, zone: str, *, shadow: bool
) -> list[Sold]:
    since, until = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    facts = _facts(caller, since, shadow=shadow) | {"to": until, "zone": zone}
    return [Sold(*r) for r in await db.rows(tx, Q.sales, facts)]


async def _about(tx: db.Tx, caller: Caller) -> tuple[str, str, bool, int | None]:
    facts = {"mall": caller.key.mall_id, "buyer": caller.key.organisation_id}
    found = await db.row(tx, Q.about, facts)
    assert found is not None
    currency, zone, shadow, low = found
    return currency, zone, shadow, low


def _facts(caller: Caller, since: datetime, *, shadow: bool) -> dict[str, Any]:
    """A test mall's clock makes no ids: there rows are found by their time alone."""
    key = caller.key
    from_id = 0 if shadow else id_at(since - SLACK)
    return {
        "home": key.home_id,
        "mall": key.mall_id,
        "buyer": key.organisation_id,
        "from": since,
        "since": from_id,
    }


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
