"""What stands open in other currencies, and what rates gained or lost: read, nothing is posted."""

from datetime import datetime

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.ledger import rules
from commissary.ledger import store_currencies as rows
from commissary.ledger.types import Position, Realised
from commissary.tenancy.types import Actor


async def positions(env: Env, actor: Actor, at: datetime | None = None) -> tuple[list[Position], str]:
    """(what stood open at that instant, by the rates of that instant; the mall's currency). Posts nothing."""
    tenancy.require(actor, "ledger.read")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    at = at or env.now(mall)
    async with env.db.transaction(mall) as tx:
        known = await rows.rates(tx, mall, at)
        found = []
        for currency, foreign_e4, book_e4 in await rows.positions(tx, home, at):
            rate = known.at(currency, at)
            value_e4 = None
            if rate is not None:
                value_e4 = rules.at_home_up(abs(foreign_e4), rate.rate_e8)
                value_e4 = value_e4 if foreign_e4 > 0 else -value_e4
            found.append(Position(currency, foreign_e4, -book_e4, rate, value_e4))
        return found, known.currency


async def realised(env: Env, actor: Actor, from_at: datetime, to_at: datetime) -> tuple[list[Realised], str]:
    """(what rates gained or lost, per currency, from included, to not; the mall's currency)"""
    tenancy.require(actor, "ledger.read")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        _, currency = await rows.owner(tx, mall)
        return await rows.realised(tx, home_of(mall), from_at, to_at), currency
