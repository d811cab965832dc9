"""Goods at or below their alarm line, the soonest to run out first."""

from datetime import timedelta

import msgspec

from commissary import stock, tenancy
from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.ids import id_at
from commissary.catalog.types import Status
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "low.sql")
DAYS = 7  # of sales that say how long the rest lasts


class Low(msgspec.Struct, frozen=True):
    """`available`: codes for sale. `sold`: pieces ordered in the last seven days. `restocked`: a policy fills it up by itself."""

    sku_id: int
    code: str
    name_zh: str
    name_en: str
    status: Status
    available: int
    threshold: int
    sold: int
    restocked: bool

    @property
    def days_left(self) -> float | None:
        """At the pace of the last days; None: nothing was sold, nobody knows."""
        return self.available * DAYS / self.sold if self.sold else None


async def running_low(env: Env, actor: Actor) -> list[Low]:
    """Refuses forbidden."""
    tenancy.require(actor, "stock.read")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        low = await stock.low_stock(tx, home, env.now(mall))
        asked = {"mall": mall, "home": home, "skus": Bigints([each.sku_id for each in low])}
        # Ids carry the process's time, not the mall's.
        since = id_at(env.clock() - timedelta(days=DAYS))
        sold: dict[int, int] = dict(await db.rows(tx, Q.sold, asked | {"since": since}))
        facts = {r[0]: r[1:] for r in await db.rows(tx, Q.facts, asked)}
    found = [
        Low(
            one.sku_id,
            code,
            zh,
            en,
            status,
            one.available,
            one.threshold,
            sold.get(one.sku_id, 0),
            restocked,
        )
        for one in low
        if one.sku_id in facts
        for code, zh, en, status, restocked in [facts[one.sku_id]]
    ]

    def soonest(one: Low) -> tuple[bool, float, int]:
        left = 0.0 if one.available == 0 else one.days_left
        return left is None, left or 0.0, one.available

    return sorted(found, key=soonest)
