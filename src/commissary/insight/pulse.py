"""How a mall's day goes beside the same day a week ago, by the hour. Reads only."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.ids import LAST_ID, SLACK, id_at
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "pulse.sql")

WEEK = timedelta(days=7)


class Sold(msgspec.Struct, frozen=True):
    """`kept_e4`: what buyers pay, less what they got back; `profit_e4`: of what was delivered, less what it cost."""

    orders: int = 0
    pieces: int = 0
    delivered: int = 0
    kept_e4: int = 0
    profit_e4: int = 0

    def __add__(self, other: "Sold") -> "Sold":
        return Sold(*(a + b for a, b in zip(_values(self), _values(other), strict=True)))


class Pulse(msgspec.Struct, frozen=True):
    """`then`: a week ago until the same moment. `hours` of both days, whole, by the hour of the mall's clock."""

    day: date
    currency: str
    today: Sold
    then: Sold
    hours: tuple[tuple[Sold, Sold], ...]


async def pulse(env: Env, actor: Actor) -> Pulse:
    """Refuses forbidden."""
    tenancy.require(actor, "orders.read")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.about, {"mall": mall})
        assert found is not None
        currency, zone, shadow = found
        day = now.astimezone(ZoneInfo(zone)).date()

        async def sold(start: datetime, end: datetime) -> Mapping[int, Sold]:
            # A test mall's clock makes no ids: there rows are found by their time alone.
            facts = {"home": home_of(mall), "zone": zone, "from": start, "to": end}
            facts |= {"since": 0 if shadow else id_at(start - SLACK)}
            facts |= {"until": LAST_ID if shadow else id_at(end + SLACK)}
            return {hour: Sold(*rest) for hour, *rest in await db.rows(tx, Q.sold, facts)}

        until_now = await sold(_midnight(day, zone), now + timedelta(seconds=1))
        then = await sold(_midnight(day - WEEK, zone), now - WEEK)
        after = await sold(now - WEEK, _midnight(day - WEEK + timedelta(days=1), zone))
    none = Sold()
    hours = tuple([(until_now.get(h, none), then.get(h, none) + after.get(h, none)) for h in range(24)])
    return Pulse(day, currency, _sum(until_now), _sum(then), hours)


def _sum(hours: Mapping[int, Sold]) -> Sold:
    return sum(hours.values(), Sold())


def _values(one: Sold) -> tuple[int, ...]:
    return msgspec.structs.astuple(one)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
